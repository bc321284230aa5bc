--- The sandbox, asked by a client that is none of ours: botocore signs, hashes
-- and serialises by AWS's own model, and reads the replies by it.

local json = require "cjson"
local sandbox_process = require "spec.support.sandbox_process"

-- What each step sees; an error is a code with its status.
local EXPECTED = {
  { "sign_up", "EMAIL" },
  { "resend", "EMAIL" },
  { "confirm" },
  { "sign in", true },
  { "forgot", "EMAIL" },
  { "wrong code", "CodeMismatchException", 400 },
  { "confirm forgot" },
  { "old password", "NotAuthorizedException", 400 },
  { "new password", true },
  { "get", "CONFIRMED" },
  { "date", tonumber(os.date "!%Y") },
  { "reset" },
  { "get after reset", "RESET_REQUIRED" },
  { "locked out", "PasswordResetRequiredException", 400 },
  { "back in" },
  { "sign out" },
  { "list", 1 },
  { "wrong secret", "NotAuthorizedException", 400 },
  { "wrong key", "InvalidSignatureException", 400 },
  { "nobody", "UserNotFoundException", 400 },
}

-- The client's steps, in order, and all that it printed.
local function run(settings)
  local words = { "env", "COGNITO_ENDPOINT=" .. settings.url, "AWS_EC2_METADATA_DISABLED=true" }
  for variable, value in pairs(settings) do
    if variable:find "^[A-Z]" then words[#words + 1] = variable .. "='" .. value .. "'" end
  end
  words[#words + 1] = "python3 spec/support/botocore_client.py 2>&1"
  local pipe = assert(io.popen(table.concat(words, " ")))
  local text = pipe:read "*a"
  pipe:close()
  local steps = {}
  for line in text:gmatch "{[^\n]*}" do steps[#steps + 1] = json.decode(line) end
  return steps, text
end

describe("botocore's client, at the sandbox,", function()
  local steps, text

  setup(function()
    local process = sandbox_process.start()
    steps, text = run(process.settings)
    process:stop()
  end)

  for i, row in ipairs(EXPECTED) do
    it("sees the service's answer: " .. row[1], function()
      local step = assert(steps[i], text)
      local saw = step.error or step.saw
      if saw == json.null then saw = nil end
      assert.same(row, { step.step, saw, step.status })
    end)
  end

  it("takes no other step", function()
    assert.equal(#EXPECTED, #steps, text)
  end)
end)
