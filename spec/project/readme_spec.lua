-- What README.md shows: the picture is what the demo prints, and its Lua runs
-- as it stands, against a local user pool.

local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

local text = process.read "README.md"

local function code_blocks()
  local list = {}
  for indent, block in text:gmatch "\n( *)```lua\n(.-)\n *```" do
    list[#list + 1] = ("\n" .. block):gsub("\n" .. indent, "\n")
  end
  return list
end

describe("README.md", function()
  it("has a picture of the demo as it is", function()
    local said, status = process.output_of(("%s scripts/record_demo.lua --check 2>&1"):format(
      process.quote(process.interpreter())))
    assert.equal(0, status, said)
  end)

  it("begins with a call that runs as it stands", function()
    local sandbox = sandbox_process.start()
    sandbox:post("/users", { username = "ada", email = "ada@example.com" })
    local settings = sandbox.settings
    local code = code_blocks()[1]:gsub("eu%-west%-1_Ab12Cd34E", settings.COGNITO_USER_POOL_ID)
      :gsub("3n4b5urk1ft4fl3mg5e62d9ado", settings.COGNITO_CLIENT_ID)
    local path = process.write(code)
    finally(function()
      sandbox:stop()
      os.remove(path)
    end)
    local said, status = process.output_of(("env %s %s %s 2>&1"):format(process.assignments {
      APP_CLIENT_SECRET = settings.COGNITO_CLIENT_SECRET,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = settings.url,
    }, process.quote(process.interpreter()), path))
    assert.equal(0, status, said)
    assert.equal("EMAIL\ta***@e***.com\n", said)
  end)

  it("has a test of a program that passes as it stands", function()
    local code = 'local cognito = require "cognito"' .. code_blocks()[2] -- the first block has it
    assert.truthy(code:find("cognito.sandbox", 1, true))
    assert((loadstring or load)(code))() -- luacheck: ignore
  end)

  it("has no block of code that is not run here", function()
    assert.equal(2, #code_blocks())
  end)

  it("never tells Debian 12 to install the package luajit for nginx", function()
    local row = text:match "\n| nginx[^\n]*"
    assert.truthy(row:find("luajit2 libluajit2-5.1-dev", 1, true))
    assert.falsy(row:find " luajit ")
  end)

  it("is read in five minutes", function()
    local words = 0
    for _ in text:gsub("```.-```", ""):gmatch "%S+" do words = words + 1 end
    assert.is_true(words < 1400, words)
  end)
end)
