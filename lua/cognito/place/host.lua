--- A program that may wait: a script, a game, a server with a loop of its own.
-- @module cognito.place.host

local M = {}

--- The C half of the library.
M.native = "cognito.core"

--- Whether files are read and modules loaded when a client is made, because
-- nothing may wait for a disk later.
M.is_eager = false

--- Hints of errors that differ here, by the error's code.
M.hints = {}

--- What asks for environment variables.
-- @treturn function like `os.getenv`
function M.environment()
  return os.getenv
end

--- The runtime of a client that was given none.
-- @tparam table settings the http settings among them count
-- @treturn table runtime
function M.runtime(settings)
  return require("cognito.runtime.blocking").new(settings)
end

--- The methods that have to do with time, for a runtime that sends in another
-- way.
-- @treturn table `sleep`, `now`, `clock`
function M.waiting()
  return require("cognito.runtime.blocking").waiting
end

--- Refuses settings that mean nothing to the runtime of this place: there are
-- none.
function M.check() end

--- Runs a function apart from the calls that want what it finds.
-- @tparam table runtime through which one waits
-- @tparam function f that raises nothing
-- @treturn boolean whether it will run
function M.detach(runtime, f)
  return runtime:detach(f)
end

return M
