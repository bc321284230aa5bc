--- The account-recovery site of examples/openresty, as `make example-site` runs
-- it: nginx and a local user pool, as processes of their own.

local cjson = require "cjson"
local cognito = require "cognito"
local native = require "cognito.core"
local process = require "spec.support.process"
local visitors = require "spec.support.visitor"

local M = {}

--- The password that users have at first, and one that they may set.
M.OLD, M.NEW = "Analytical-Engine-1837", "Difference-Engine-1822"

local Site = {}
Site.__index = Site

local SECONDS = 30

-- It runs in LuaJIT, whatever the specs run in.
local function environment(given)
  local root, build = process.output_of "pwd":match "%C+", os.getenv "LUAJIT_BUILD" or "build/luajit"
  return ("env LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/%s/?.so;;' %s"):format(root, root, root, build,
    process.assignments(given))
end

-- What it says of its start; the reasons of a failure come behind that.
local function start_in(text)
  return text:match "The logs: +(%C+)\n" or text:match "did not start"
end

--- Starts it.
-- @tparam[opt] table variables of its environment
-- @tparam[opt] string flags of the local user pool
-- @treturn table site: `url`, `pool_url`, `logs` (a folder), and what follows
function M.start(variables, flags)
  local running = process.start(("%s scripts/example_site luajit --exit-with-stdin %s 2>&1"):format(
    environment(variables), flags or ""), { ends = true })
  local logs = running:await(start_in, "the site")
  if logs == "did not start" then error("the site did not start: " .. running:stop(), 0) end
  local text = running:printed()
  return setmetatable({
    process = running, http = native.http {}, logs = logs, url = text:match "The site: +(%S+)/\n",
    pool_url = text:match "(http%S+)/outbox",
  }, Site)
end

--- Ends it and waits for that.
function Site:stop()
  self.process:stop()
  self.http:close()
end

--- The settings for a client of its pool.
-- @treturn table settings
function Site:settings()
  local text = process.read(self.logs .. "/sandbox.log") or ""
  local function setting(name) return text:match("\nexport " .. name .. "=([^\n]*)") end
  return {
    endpoint = self.pool_url, user_pool_id = setting "COGNITO_USER_POOL_ID", client_id = setting "COGNITO_CLIENT_ID",
    client_secret = setting "COGNITO_CLIENT_SECRET",
    credentials = {
      access_key_id = setting "AWS_ACCESS_KEY_ID", secret_access_key = setting "AWS_SECRET_ACCESS_KEY",
    },
  }
end

--- Asks the pool's box, or tells it something.
-- @tparam string path `/outbox`, `/users`, `/misbehave`
-- @tparam[opt] table order
-- @return what it says
function Site:box(path, order)
  local reply = assert(self.http:send {
    method = order and "POST" or "GET", url = self.pool_url .. path, body = order and cjson.encode(order) or nil,
    headers = { { "Content-Type", "application/json" } },
  })
  assert(reply.status == 200, reply.body)
  return cjson.decode(reply.body)
end

--- Adds a user to the pool.
-- @tparam string username
-- @tparam[opt] table fields more of what `POST /users` takes
function Site:add_user(username, fields)
  local user = { username = username, password = M.OLD, email = username .. "@example.com" }
  for name, value in pairs(fields or {}) do user[name] = value end
  self:box("/users", user)
end

--- A client of the pool, past the site.
-- @treturn cognito.Client
function Site:pool()
  return cognito.new(self:settings())
end

--- Signs a user in, past the site.
-- @tparam string username
-- @tparam string password
-- @treturn string "signed in", or the code of the error
function Site:sign_in(username, password)
  local result, err = self:pool():initiate_auth {
    auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = username, PASSWORD = password },
  }
  return result and "signed in" or err.code
end

--- A visitor without a browser.
-- @tparam string address of loopback
-- @treturn table visitor
function Site:visitor(address)
  return visitors.new(self.url, address)
end

--- Waits until a condition holds.
-- @tparam string what for the message when it never does
-- @tparam function condition
-- @tparam[opt=30] number seconds
-- @return what it returned
function Site:wait(what, condition, seconds)
  return process.wait_for(condition, function() return what .. ": " .. self:log("error"):sub(-1000) end,
    seconds or SECONDS)
end

--- The messages to a user.
-- @tparam string username
-- @treturn table
function Site:messages(username)
  local found = {}
  for _, message in ipairs(self:box "/outbox") do
    if message.username == username then found[#found + 1] = message end
  end
  return found
end

--- The code of the latest message to a user, once there are as many.
-- @tparam string username
-- @tparam[opt=1] integer count
-- @treturn string
function Site:code(username, count)
  local messages = self:wait("a message to " .. username, function()
    local found = self:messages(username)
    return #found >= (count or 1) and found
  end)
  return messages[#messages].code
end

--- How often the pool carried out an operation.
-- @tparam string operation
-- @treturn integer
function Site:executions(operation)
  local found = self:box("/executions")[operation]
  return found and found.count or 0
end

--- The text of a log.
-- @tparam string name `access` or `error`
-- @treturn string
function Site:log(name)
  return process.read(self.logs .. "/" .. name .. ".log") or ""
end

--- How often a pattern stands in the error log.
-- @tparam string pattern
-- @treturn integer
function Site:logged(pattern)
  return select(2, self:log("error"):gsub(pattern, ""))
end

-- Whether a log has a word.
local function has(log, word)
  return log:find("%f[%w]" .. word:gsub("%p", "%%%0") .. "%f[%W]") ~= nil
end

--- Personal data in the logs: all that the pool sent, and more words.
-- @tparam table words names, say
-- @treturn table list of what stands in the logs, and of lines with addresses
function Site:traces(words)
  local logs, found = self:log "access" .. self:log "error", {}
  local sought = { M.OLD, M.NEW, "example.com", "recovery", "token" }
  for _, word in ipairs(words) do sought[#sought + 1] = word end
  for _, message in ipairs(self:box "/outbox") do
    sought[#sought + 1], sought[#sought + 2] = message.code, message.destination
  end
  logs = logs:gsub(" recovery visit=", " visit=") -- our own lines begin so
  logs = logs:gsub("_software_token", "") -- of names of operations
  for _, word in ipairs(sought) do
    if has(logs, word) then found[#found + 1] = word end
  end
  for line in logs:gmatch "[^\n]+" do
    if line:find "%d+%.%d+%.%d+%.%d+" then found[#found + 1] = line end
  end
  return found
end

--- Has nginx read its configuration again, and waits for workers of the new one.
-- @tparam[opt=30] number seconds
function Site:reload(seconds)
  local pid = assert(process.read(self.logs .. "/nginx.pid"):match "%d+")
  local function workers() return process.read(("/proc/%s/task/%s/children"):format(pid, pid)) end
  local before = workers()
  os.execute("kill -HUP " .. pid)
  self:wait("new workers", function() return workers() ~= before end, seconds)
end

return M
