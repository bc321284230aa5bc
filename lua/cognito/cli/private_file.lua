--- A file that keeps a secret from one run of the command to the next, for its
-- owner alone.
-- @module cognito.cli.private_file

local cjson = require "cognito.json"
local native = require "cognito.native"
local stop = require "cognito.cli.stop"

local M = {}

--- Reads one that an option names.
-- @tparam string path
-- @tparam string option like "--device"
-- @tparam string hint what to do where others may read it
-- @treturn ?string text; nil where there is no file yet, or an empty one
-- @raise when it is not fit for a secret, or cannot be read
function M.read(path, option, hint)
  local is_owned, fault = native.check_owned(path)
  local is_private = is_owned and native.check_owned(path, true)
  if not is_private then
    stop.usage(("the file %s of %s is not taken: %s"):format(path, option, fault or "others may read it"),
      is_owned and hint or "Name a file of your own")
  end
  local text, message, _, is_there = native.read_file(path)
  if not text and is_there then
    stop.usage(("the file %s of %s cannot be read: %s"):format(path, option, message))
  end
  return text
end

--- The table that a text holds as JSON.
-- @tparam string text
-- @tparam {string,...} fields that have to be texts in it
-- @treturn ?table nil where it holds none
function M.decode(text, fields)
  local ok, value = pcall(cjson.decode, text)
  ok = ok and type(value) == "table"
  for _, name in ipairs(fields) do
    ok = ok and type(value[name]) == "string"
  end
  return ok and value or nil
end

--- Writes it. A file that cannot be written is found before anything is sent whose
-- result would be lost.
-- @tparam string path
-- @tparam string option
-- @tparam string text what it is to hold; until then what it holds, or nothing
-- @raise when it cannot be written
function M.check_writable(path, option, text)
  local written, message = native.write_private(path, text)
  if not written then
    stop.usage(("the file %s of %s cannot be written: %s"):format(path, option, message))
  end
end

--- Removes a file that was only made to see that it can be. Another run may have
-- written its own there since.
-- @tparam string path
function M.remove_empty(path)
  if native.read_file(path) == "" then
    os.remove(path)
  end
end

return M
