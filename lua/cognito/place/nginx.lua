--- nginx, with its Lua module or as OpenResty, where no worker may wait for a
-- disk, a program or another server.
-- @module cognito.place.nginx

local M = {}

--- The C half of the library: nginx brings its own I/O.
M.native = "cognito.wire"

--- Whether files are read and modules loaded when a client is made, because
-- nothing may wait for a disk later; workers seldom may read what root may.
M.is_eager = true

local LISTED = ", unless the client is made in init_by_lua or nginx.conf says env "

--- Hints of errors that differ here, by the error's code: nginx hides the
-- environment from its workers.
M.hints = {
  no_credentials = "Admin operations are signed: pass credentials = { access_key_id =, "
    .. "secret_access_key = }; workers of nginx see no AWS_ACCESS_KEY_ID, no AWS_SECRET_ACCESS_KEY and no HOME"
    .. LISTED .. "AWS_ACCESS_KEY_ID; env AWS_SECRET_ACCESS_KEY; and so on at its top",
  no_region = "Set region, or user_pool_id, which begins with it, or AWS_REGION; workers of nginx do not see that"
    .. LISTED .. "AWS_REGION;",
}

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

--- What asks for environment variables: a copy, since init_by_lua sees some
-- that the workers do not.
-- @treturn function like `os.getenv`
function M.environment()
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

local function nginx()
  return require "cognito.runtime.nginx"
end

--- The runtime of a client that was given none.
-- @tparam table settings the http settings among them count
-- @treturn table runtime
function M.runtime(settings)
  return nginx().new(settings)
end

--- The methods that have to do with time, for a runtime that sends in another
-- way.
-- @treturn table `sleep`, `now`, `clock`, `detach`
function M.waiting()
  return nginx().waiting
end

--- Refuses an ngx_lua that is too old, and settings that mean nothing here.
-- @tparam table settings
-- @tparam table facts `sources` and `warnings`
-- @tparam number level whom to blame, as in `error`
function M.check(settings, facts, level)
  nginx().check(settings, facts, level + 1)
end

--- Runs a function apart from the request that this is, which nginx may end at
-- any moment.
-- @tparam table _ the runtime, which may be one of the program's: a timer does
--   without
-- @tparam function f that raises nothing
-- @treturn boolean whether it will run
function M.detach(_, f)
  return M.waiting():detach(f)
end

return M
