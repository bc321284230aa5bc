--- core.srp proves a password to another implementation of the server's half: npm's
-- tssrp6a.

local core = require "cognito.core"
local encoding = require "cognito.sandbox.encoding"
local json = require "cjson"
local npm = require "spec.support.npm"

local TIME = 1793779745

local function made(tag, n)
  local parts = {}
  for i = 1, math.ceil(n / 32) do parts[i] = core.sha256(tag .. i) end
  return table.concat(parts):sub(1, n)
end

local function served(cases)
  local lines = {}
  for i, case in ipairs(cases) do lines[i] = json.encode(case) end
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
  local done = assert(core.run({ "sh", "-c", 'node spec/support/npm_srp_server.js "$1" <"$2"', "sh",
    npm.folder("tssrp6a", "3.0.0"), path }, 120))
  os.remove(path)
  assert.equal(0, done.status, done.stderr)
  local answers = {}
  for line in done.stdout:gmatch "[^\n]+" do answers[#answers + 1] = json.decode(line) end
  assert.equal(#cases, #answers)
  return answers
end

describe("a server of tssrp6a", function()
  it("takes the proof of who knows the password, and no other", function()
    local cases, sessions = {}, {}
    for i = 1, 12 do
      sessions[i] = core.srp(made("a" .. i, i % 2 == 0 and 32 or 128))
      cases[i] = { pool = "bBpjKlyj6", user = "user-" .. i, password = "Zoë's pass word " .. i,
        salt = encoding.hex(made("salt" .. i, 16)), b = encoding.hex(made("b" .. i, 32)),
        block = encoding.base64(made("block" .. i, 700 + i)), A = sessions[i]:public() }
    end
    for i, answer in ipairs(served(cases)) do
      local case = cases[i]
      case.signature, case.time = sessions[i]:answer { pool_name = case.pool, user_id = case.user,
        password = i % 3 == 0 and "wrong" or case.password, salt = case.salt, srp_b = answer.B,
        secret_block = case.block, time = TIME }
    end
    for i, answer in ipairs(served(cases)) do
      local refusal = { verified = false, message = "Bad client credentials" }
      assert.same(i % 3 == 0 and refusal or { verified = true }, answer)
    end
  end)
end)
