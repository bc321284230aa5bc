--- A sandbox in another process, with the methods that a box in this one has.
local M = {}

local Pool = {}
Pool.__index = Pool

--- The settings for `cognito.new`; the runtime is up to the caller.
function Pool:settings()
  local given = self.given
  return {
    endpoint = given.url,
    user_pool_id = given.COGNITO_USER_POOL_ID,
    client_id = given.COGNITO_CLIENT_ID,
    client_secret = given.COGNITO_CLIENT_SECRET,
    credentials = {
      access_key_id = given.AWS_ACCESS_KEY_ID,
      secret_access_key = given.AWS_SECRET_ACCESS_KEY,
    },
  }
end

function Pool:add_user(user)
  return self.ask("POST", "/users", user)
end

function Pool:misbehave(fault)
  self.ask("POST", "/misbehave", fault)
end

function Pool:behave()
  return self.ask("POST", "/behave", {}).left
end

function Pool:advance(seconds)
  self.ask("POST", "/advance", { seconds = seconds })
end

--- How often an operation was carried out, for a user or for all; without an
-- operation, all of them.
function Pool:executions(operation, user)
  local all = self.ask("GET", "/executions")
  if not operation then return all end
  local one = all[operation] or { count = 0, users = {} }
  if not user then return one.count end
  return one.users[user] or 0
end

--- The box behind a process.
-- @tparam table given what `cognito sandbox` printed, see sandbox_process.lua
-- @tparam function ask method, path and an order to what it says
function M.new(given, ask)
  return setmetatable({ given = given, ask = ask }, Pool)
end

return M
