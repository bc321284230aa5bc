--- core.srp beside the service's own client for browsers, from npm: the same
-- public number and the same proof, for the same secret number.

local core = require "cognito.core"
local encoding = require "cognito.sandbox.encoding"
local json = require "cjson"
local npm = require "spec.support.npm"

local PACKAGE, VERSION = "amazon-cognito-identity-js", "6.3.12"
local TIME = 1793779745

local function made(tag, n)
  local parts = {}
  for i = 1, math.ceil(n / 32) do parts[i] = core.sha256(tag .. i) end
  return table.concat(parts):sub(1, n)
end

local hex = encoding.hex

-- The long secret is as theirs are: 1024 bits.
local function cases()
  local list = {}
  for i = 1, 12 do
    list[i] = {
      number = made("a" .. i, i % 2 == 0 and 32 or 128), pool = "bBpjKlyj6", user = "user-" .. i,
      password = "Zoë's pass word " .. i, salt = hex(made("salt" .. i, 1 + i % 16)), b = hex(made("b" .. i, 384 - i)),
      block = encoding.base64(made("block" .. i, 700 + i)),
    }
  end
  list[1].salt, list[2].salt, list[3].salt, list[4].b = "000f", "f", "80", "2"
  return list
end

local function answers_to(lines)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
  local done = assert(core.run({ "sh", "-c", 'node spec/support/npm_srp.js "$1" <"$2"', "sh",
    npm.folder(PACKAGE, VERSION), path }, 120))
  os.remove(path)
  assert.equal(0, done.status, done.stderr)
  local answers = {}
  for line in done.stdout:gmatch "[^\n]+" do answers[#answers + 1] = json.decode(line) end
  return answers
end

local function theirs(list)
  local lines = {}
  for i, case in ipairs(list) do
    lines[i] = json.encode { secret = hex(case.number), pool = case.pool, user = case.user, password = case.password,
      salt = case.salt, b = case.b, block = case.block, time = case.time }
  end
  return answers_to(lines)
end

local function bytes_of(digits)
  return (digits:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

describe("amazon-cognito-identity-js", function()
  it("has the same public numbers and proofs", function()
    local list, ours = cases(), {}
    for i, case in ipairs(list) do
      local srp = core.srp(case.number)
      local signature, time = srp:answer { pool_name = case.pool, user_id = case.user, password = case.password,
        salt = case.salt, srp_b = case.b, secret_block = case.block, time = TIME + i * 86400 }
      ours[i], case.time = { A = srp:public(), signature = signature }, time
    end
    assert.same(theirs(list), ours)
  end)

  -- Its passwords and salts are by chance, so ours are made of them.
  it("has the same verifiers of devices", function()
    local lines = {}
    for i = 1, 12 do lines[i] = json.encode { device = true, pool = "-group" .. i, user = "eu-west-1_0" .. i } end
    for i, theirs_of in ipairs(answers_to(lines)) do
      local salt = bytes_of(theirs_of.salt):gsub("^%z", "")
      local ours = { core.srp_verifier { pool_name = "-group" .. i, user_id = "eu-west-1_0" .. i,
        password = theirs_of.password, salt = ("\0"):rep(16 - #salt) .. salt } }
      assert.same({ encoding.base64(bytes_of(theirs_of.salt)), encoding.base64(bytes_of(theirs_of.verifier)) }, ours)
    end
  end)
end)
