--- The search for credentials, in configuration files, variables, other programs'
-- files and output, and replies of any form.
--
-- An input, its parts separated by a line of "%%": the config file, the
-- credentials file, variables as NAME=value, what every other file holds, what a
-- program prints, and the bodies of replies, each behind its status.

local check = require "spec.fuzz.support.check"
local credentials = require "cognito.credentials"

local SECRET, MOST, NOW = "hunter2", 64, 1795247391 -- requests and programs of one search

local function parts_of(input)
  local parts = {}
  for part in (input .. "\n%%\n"):gmatch "(.-)\n%%%%\n" do
    parts[#parts + 1] = part
  end
  return parts
end

local function variables_of(text)
  local variables = { HOME = "/ada" }
  for name, value in (text or ""):gmatch "([^\n=]+)=([^\n]*)" do
    variables[name] = value
  end
  return variables
end

-- Replies come one after the other, the last one again and again.
local function world_of(parts)
  local asked, variables = 0, variables_of(parts[3])
  local files = { ["/ada/.aws/config"] = parts[1], ["/ada/.aws/credentials"] = parts[2] }
  local function count()
    asked = asked + 1
    assert(asked <= MOST, "it goes on for ever")
  end
  local runtime = {
    send = function()
      count()
      local text = parts[math.min(#parts, 5 + asked)] or ""
      local status, body = text:match "^([1-5]%d%d)\n?(.*)$"
      if not status then return nil, { code = "connect", kind = "network", message = "no one", sent = false } end
      return { status = tonumber(status), headers = {}, body = body }
    end,
    sleep = function() end,
  }
  return {
    env = function(name) return variables[name] end, runtime = runtime, metadata_runtime = runtime,
    read_file = function(path)
      local text = files[path] or parts[4]
      if text and text ~= "" then return text end
      return nil, "No such file or directory"
    end,
    write_file = function() return true end, lock_file = function() return function() end end,
    run = function()
      count()
      return { status = 0, stdout = parts[5] or "", stderr = "" }
    end,
    now = function() return NOW end, random = function() return 0.5 end, region = "eu-west-1",
  }
end

-- It may be shown where it is a name, too: of a profile, a role, a file.
local GIVEN = "\n[%w_]*[sS][eE][cC][rR][eE][tT]_[aA][cC][cC][eE][sS][sS]_[kK][eE][yY]%s*=%s*" .. SECRET

local function is_only_a_secret(parts)
  local settings = table.concat({ "", parts[1] or "", parts[2] or "", parts[3] or "" }, "\n")
  return not settings:gsub(GIVEN, ""):find(SECRET, 1, true)
end

local function check_found(found)
  assert(type(found.access_key_id) == "string" and type(found.secret_access_key) == "string", "no keys")
  assert(found.session_token == nil or type(found.session_token) == "string", "no token")
  assert(found.expires_at == nil or type(found.expires_at) == "number", "no date")
end

return function(input)
  local parts = parts_of(input)
  local chain = credentials.chain(world_of(parts))
  for _ = 1, 2 do
    local found, err = chain:get()
    if found then
      check_found(found)
    else
      check.is_error(err)
      assert(not err.message:find(SECRET, 1, true) or not is_only_a_secret(parts), "a secret in a message")
    end
  end
end
