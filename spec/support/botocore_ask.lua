--- Asks botocore what it makes of configuration files.
local json = require "cjson"

--- Takes a list of cases, see spec/support/botocore_profiles.py, and
-- optionally "files" to be told token and region besides the key.
return function(cases, mode)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write((json.encode(cases):gsub("%[%]", "{}")))
  file:close()
  local pipe = assert(io.popen(("python3 spec/support/botocore_profiles.py %s <'%s'"):format(mode or "", path)))
  local text = pipe:read "*a"
  pipe:close()
  os.remove(path)
  return json.decode(text)
end
