--- Common parts of the specs of `cognito bulk`: a local user pool as a
-- process, and for each spec a journal and twelve users of its own.

local cjson = require "cjson"
local command = require "spec.support.command"
local core = require "cognito.core"
local sandbox_process = require "spec.support.sandbox_process"

local M = {
  --- Users of each spec: jN-1 to jN-12, N being its `number`.
  count = 12,
}

--- Starts the pool: before the first spec of a file.
function M.setup()
  M.process = sandbox_process.start "--existence-errors LEGACY --code 135790"
  M.env = command.into(M.process, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = false, LOGNAME = "grace" })
  M.number = 0
end

--- Stops it: after the last one.
function M.teardown()
  M.process:stop()
end

--- Before each spec.
function M.before_each()
  M.number = M.number + 1
  M.journal = os.tmpname()
  os.remove(M.journal)
  for i = 1, M.count do
    local name = ("j%d-%d"):format(M.number, i)
    M.process:post("/users", { username = name, password = "Old-Passw0rd", email = name .. "@example.com" })
  end
end

--- After each spec.
function M.after_each()
  M.process:post("/behave", {})
  core.run { "sh", "-c", 'rm -f "$1"*', "sh", M.journal }
end

--- The words of a command line.
-- @tparam string subcommand of bulk
-- @tparam[opt] table args
-- @treturn table list
function M.words(subcommand, args)
  local all = { "bulk", subcommand, "--journal", M.journal }
  if subcommand == "plan" or subcommand == "run" or subcommand == "resume" then
    table.insert(all, "--endpoint")
    table.insert(all, M.process.settings.url)
  end
  for _, word in ipairs(args or {}) do table.insert(all, word) end
  return all
end

--- Runs a subcommand.
-- @tparam string subcommand
-- @tparam[opt] table args
-- @tparam[opt] table options of `command.run`
-- @treturn table its status, `out` and `err`
function M.run(subcommand, args, options)
  options = options or {}
  options.env = options.env or M.env
  return command.run(M.words(subcommand, args), options)
end

--- Runs a subcommand that goes well.
-- @tparam string subcommand
-- @tparam[opt] table args
-- @tparam[opt] table options of `command.run`
-- @treturn string what it wrote to standard output
-- @treturn string and to standard error
function M.done(subcommand, args, options)
  local result = M.run(subcommand, args, options)
  assert(result.status == 0, result.out .. result.err)
  return result.out, result.err
end

--- The names of this spec's users, one a line.
-- @treturn string
function M.names()
  local list = {}
  for i = 1, M.count do list[i] = ("j%d-%d"):format(M.number, i) end
  return table.concat(list, "\n") .. "\n"
end

--- Plans a job.
-- @tparam[opt="reset"] string action
-- @tparam[opt] table args
-- @tparam[opt] string stdin else the names of all users
-- @treturn table summary
function M.plan(action, args, stdin)
  local all = { action or "reset", "-", "--json" }
  for _, word in ipairs(args or {}) do table.insert(all, word) end
  return cjson.decode((M.done("plan", all, { stdin = stdin or M.names() })))
end

--- How far the job is.
-- @treturn table
function M.status()
  return cjson.decode((M.done("status", { "--json" })))
end

--- How often an operation was carried out for this spec's users: at most once
-- for each.
-- @tparam string operation
-- @treturn number
function M.executions(operation)
  local users, total = (M.process:get("/executions")[operation] or { users = {} }).users, 0
  for name, n in pairs(users) do
    if name:match "^j(%d+)%-" == ("%d"):format(M.number) then
      assert(n <= 1, name .. " more than once")
      total = total + n
    end
  end
  return total
end

return M
