--- The environment variables, as they are when a client is made.
-- @module cognito.environment

local runtimes = require "cognito.runtime"

-- All that this library and its sources of credentials ask for.
local function is_ours(name)
  return name:find "^AWS_" or name:find "^HOME" or name == "USERPROFILE" or name == "_X_AMZN_TRACE_ID"
end

local ffi

-- Declared once: LuaJIT keeps every declaration.
local function load_ffi()
  if not ffi then
    ffi = require "ffi"
    ffi.cdef "extern char **environ;"
  end
end

-- nginx hides the environment from its workers, but not from init_by_lua: what
-- is seen there has to be kept.
local function copy()
  load_ffi()
  local values, i = {}, 0
  while ffi.C.environ[i] ~= nil do
    local name, value = ffi.string(ffi.C.environ[i]):match "^([^=]+)=(.*)$"
    if name and is_ours(name) then
      values[name] = value
    end
    i = i + 1
  end
  return function(name) return values[name] end
end

--- What asks for variables.
-- @treturn function like `os.getenv`
return function()
  return runtimes.in_nginx and copy() or os.getenv
end
