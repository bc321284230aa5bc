--- Asks botocore what it makes of configuration files.
local json = require "cjson"
local process = require "spec.support.process"

--- Takes a list of cases, see spec/support/botocore_profiles.py, and
-- optionally "files" to be told token and region besides the key.
return function(cases, mode)
  local path = process.write((json.encode(cases):gsub("%[%]", "{}")))
  local text = process.output_of(("python3 spec/support/botocore_profiles.py %s <%s"):format(mode or "", path))
  os.remove(path)
  return json.decode(text)
end
