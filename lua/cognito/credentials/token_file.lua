--- Files in which the AWS command keeps what a login left: read and replaced
-- by other programs, too. So they are changed under a lock, after another look
-- at them, and replaced whole.
-- @module cognito.credentials.token_file

local M = {}

--- How long before its end something is renewed, in seconds.
M.EARLY = 300

local BETWEEN_TRIES = 30 -- seconds
local LOCK_TRIES, LOCK_PAUSE = 100, 0.1 -- seconds

--- The name of a file, made of the hash of what it belongs to.
-- @tparam string bytes
-- @treturn string
function M.name(bytes)
  return (bytes:gsub(".", function(char)
    return ("%02x"):format(char:byte())
  end)) .. ".json"
end

--- The folder in which tools keep their files.
-- @tparam table world
-- @treturn ?string nil where there is no home
function M.home(world)
  return world:variable "HOME" or world:variable "USERPROFILE"
end

--- The command that logs in again, as a sentence.
-- @tparam string command
-- @tparam string profile_name
-- @treturn string
function M.hint(command, profile_name)
  local is_word = profile_name:find "^[%w_.@+:/-]+$"
  return ("Run: %s --profile %s"):format(command, is_word and profile_name
    or "'" .. profile_name:gsub("'", [['\'']]) .. "'")
end

-- Waits while another process renews. A process that cannot lock goes on
-- without: two renewals do no harm that a login would not mend.
local function lock(world, path)
  for _ = 1, LOCK_TRIES do
    local unlock, _, is_busy = world.lock_file(path)
    if unlock or not is_busy then
      return unlock or function() end
    end
    world:runtime():sleep(LOCK_PAUSE)
  end
  return function() end
end

--- Calls a function while no other process changes the file.
-- @tparam table world
-- @tparam string path
-- @tparam function renew
-- @return its two results
function M.locked(world, path, renew)
  local unlock = lock(world, path)
  local found, err = renew()
  unlock()
  return found, err
end

--- Replaces a file. One that cannot be written costs the next process another
-- renewal, not this one what it got.
-- @tparam table world
-- @tparam string path
-- @tparam table object all that the file is to hold
function M.store(world, path, object)
  world.write_file(path, object.text)
end

--- Whether a renewal was tried a moment ago; if not, this is a try.
-- @tparam table world
-- @tparam string path
-- @treturn boolean
function M.tried_lately(world, path)
  local tries = world.memory.renewals or {}
  world.memory.renewals = tries
  local last = tries[path]
  if last and world.now() - last < BETWEEN_TRIES then
    return true
  end
  tries[path] = world.now()
  return false
end

--- Whether a member is a text that is not empty.
-- @param value
-- @treturn boolean
function M.is_text(value)
  return type(value) == "string" and value ~= ""
end

--- Whether a member is a token, or another value of OAuth: printable ASCII (RFC
-- 6749, appendix A), so that headers and documents can carry it.
-- @param value
-- @treturn boolean
function M.is_token(value)
  return M.is_text(value) and not value:find "[^ -~]"
end

return M
