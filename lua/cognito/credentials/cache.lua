--- Credentials, kept for as long as they are good and renewed a little
-- earlier; by one call, however many want them.
--
-- Calls may be coroutines of an event loop: while one of them renews, others
-- wait by sleeping through the runtime. Where nothing is concurrent no call ever
-- waits. In nginx, which may end any call half-way, a task apart from them
-- renews: while the old credentials are good no call waits for it.
-- @module cognito.credentials.cache

local dialect = require "cognito.dialect"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local tables = require "cognito.tables"

local M = {}

-- The numbers of the AWS SDK for Rust.
local EARLY = 10          -- seconds before their end, moved by up to half
local WITHOUT_END = 900   -- seconds after which credentials without one are looked up again

local RETRY_AFTER = 2     -- seconds between two tries while old ones are still good
local POLL = 0.01         -- seconds between two looks at another call's try
local ABANDONED = 120     -- seconds after which such a try will not end any more

-- What a provider knows stays out of the table that programs hold and print.
local states = setmetatable({}, { __mode = "k" })

local function this_task()
  return coroutine.running() or "main" -- 5.1 has no name for it
end

-- A task that failed or was forgotten in the middle must not block the rest.
local function is_renewing(state)
  local task = state.task
  if not task or task == this_task() or state.now() - state.begun > ABANDONED then
    return false
  end
  return type(task) ~= "thread" or coroutine.status(task) ~= "dead"
end

local function renewal_time(state, credentials)
  if not credentials.expires_at then
    return state.now() + WITHOUT_END
  end
  return credentials.expires_at - (credentials.early or EARLY) * (1 - 0.5 * state.random())
end

-- Old ones that are still good serve until the next try.
local function retry_time(state)
  local ends = state.held and state.held.expires_at
  return math.min(state.now() + RETRY_AFTER, ends or math.huge)
end

-- Returns the number of the try.
local function begin(state, task, client)
  state.task, state.begun, state.client = task, state.now(), client
  state.tries = state.tries + 1
  return state.tries
end

-- A try that counted as abandoned may end after all: it ends none that began later.
local function finish(state, try, found, err)
  if try == state.tries then
    state.task = nil
  elseif try < state.ended then
    return
  end
  state.err, state.ended = err, try
  if found then
    state.held, state.renew_at = found, renewal_time(state, found)
  else
    state.renew_at = retry_time(state)
  end
end

-- The error goes to this call, and as a cognito.Error to those that wait; in
-- Lua 5.1 it ends the task.
local function renew(state, client)
  local try = begin(state, this_task(), client)
  local good, found, err = dialect.pcall(state.load, client, state.refused)
  if not good then
    finish(state, try, nil, failure.credentials(failure.words(found)))
    error(found, 0)
  end
  finish(state, try, found, err)
end

-- An error of a task apart has no caller to go to.
local function load_safely(state, client)
  local good, found, err = pcall(state.load, client, state.refused)
  if good then
    return found, err
  end
  return nil, failure.credentials(failure.words(found))
end

-- Returns whether a task renews: nginx may refuse, when it is about to end.
local function renew_apart(state, client)
  if is_renewing(state) then
    return true
  end
  local try = begin(state, {}, client)
  if state.detach(function() finish(state, try, load_safely(state, client)) end, client) then
    return true
  end
  state.task = nil
  return false
end

-- Returns an error where nothing can wait. The wait is in the runtime that the
-- look-up goes through, which another one would not turn. A try that begins
-- meanwhile is another call's: where all fail, no call waits for all of them.
local function wait(state, client)
  local awaited = state.tries
  while state.ended < awaited and is_renewing(state) do
    local _, err = state.sleep(POLL, state.client)
    if err then
      return err
    end
  end
  if state.ended < awaited then -- the renewing task did not come to an end
    renew(state, client)
  end
end

-- Returns when there is something newer, or a reason why not.
local function renew_once(state, client)
  if is_renewing(state) or (state.detach and renew_apart(state, client)) then
    return wait(state, client)
  end
  return renew(state, client)
end

local function is_good(state, credentials)
  return credentials and (not credentials.expires_at or credentials.expires_at > state.now())
end

local provider = {}
local ownermt = { __index = provider, __name = "cognito.Credentials" }

function ownermt:__tostring()
  return ("cognito credentials (%s)"):format(self:describe().source or "not asked yet")
end

--- What a provider has, for a client's call.
-- @tparam table owner the provider
-- @tparam ?table client handed to `load` and `sleep`
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table fields of an error
-- @local
function M.get(owner, client)
  local state = states[owner]
  local held = state.held
  if held and state.now() < state.renew_at then
    return held
  elseif state.detach and is_good(state, held) and renew_apart(state, client) then
    return held
  end
  local err = renew_once(state, client)
  if err then
    return nil, tables.copy(err)
  elseif is_good(state, state.held) or (state.held and not state.err) then
    return state.held
  end
  return nil, tables.copy(state.err)
end

--- Others than those which the service has just refused, for a client's call.
-- @tparam table owner the provider
-- @tparam ?table old the refused ones
-- @tparam ?table client handed to `load` and `sleep`
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table fields of an error
-- @local
function M.refresh(owner, old, client)
  local state = states[owner]
  if not old or state.held == old then
    state.refused = old and old.access_key_id
    local err = renew_once(state, client) or state.err
    if err then
      return nil, tables.copy(err)
    elseif state.held and state.held ~= old then
      return state.held -- however short it lasts
    end
  end
  return M.get(owner, client)
end

local function told(found, err)
  return found, err and errors.new(err)
end

--- The credentials. They are shared: do not change them.
-- @treturn[1] table `{ access_key_id, secret_access_key, session_token,
--   expires_at, account_id, source }`; `expires_at` in epoch seconds
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function provider:get()
  return told(M.get(self))
end

--- Other credentials than those which the service has just refused.
-- @tparam[opt] table old the refused ones: when others have been found
--   meanwhile, they are returned at once
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function provider:refresh(old)
  return told(M.refresh(self, old))
end

--- Where the credentials in use come from and how long they last.
-- @treturn table `{ source, expires_at, account_id }`, empty before the first
--   `get`; no secrets
function provider:describe()
  local held = states[self].held or {}
  return { source = held.source, expires_at = held.expires_at, account_id = held.account_id }
end

--- Whether a value is a provider.
-- @param value anything
-- @treturn boolean
-- @local
function M.is_provider(value)
  return getmetatable(value) == ownermt
end

--- Makes a provider.
-- @tparam table parts `load` (returns credentials, or nil and an error; passed
--   the id of a key that the service has refused, where there is one; those may say
--   in `early` how many seconds before their end they are renewed), and
--   `now`, `random`, `sleep`; where tasks may be ended half-way, `detach`, which
--   runs a function apart from them and returns whether it will. `load`,
--   `sleep` and `detach` are passed last what the client lends whose call it is for, where there is one
-- @treturn table provider
-- @local
function M.new(parts)
  local self = setmetatable({}, ownermt)
  states[self] = {
    load = parts.load, now = parts.now, random = parts.random, sleep = parts.sleep, detach = parts.detach,
    tries = 0, ended = 0,
  }
  return self
end

return M
