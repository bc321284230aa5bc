--- A plan in the making: what the modules that make it need, and its calls,
-- which are paced, counted and reported here and nowhere else.
-- @module cognito.bulk.planning

local interrupted = require "cognito.bulk.interrupted"
local pool_users = require "cognito.bulk.pool_users"

local M = {}

local planning = {}
local planning_mt = { __index = planning }

--- How many calls were made so far.
-- @treturn table `list_users` and `admin_get_user`
function planning:calls_made()
  return { list_users = self.calls.list_users, admin_get_user = self.calls.admin_get_user }
end

--- Waits until the next call may be made, and reports to the program.
function planning:pause()
  self.wait()
  if self.tell then
    self.tell(self:calls_made())
  end
end

local function count(self, operation)
  self.calls[operation] = self.calls[operation] + 1
end

--- Lists users. The first page is not waited for.
-- @tparam[opt] string filter as ListUsers takes it
-- @tparam[opt] string token of the page to begin with
-- @treturn table lister, as `pool_users.list` returns it
function planning:list(filter, token)
  return pool_users.list(self.pool, {
    filter = filter, token = token,
    wait = function() self:pause() end, called = function() count(self, "list_users") end,
  })
end

--- Asks for one user, when that may be.
-- @tparam string name
-- @treturn[1] table user, as `pool_users.user` returns it
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function planning:get_user(name)
  self:pause()
  count(self, "admin_get_user")
  local user, err = self.pool:admin_get_user { username = name }
  if not user then
    return nil, err
  end
  return pool_users.user(user)
end

--- Notes how far the plan came, within the transaction that writes what follows
-- from it, and the calls made so far.
-- @tparam ?table place from name to value
function planning:note(place)
  interrupted.note(self.journal, place or {})
  for name, n in pairs(self.calls) do
    self.journal:set(name, n)
  end
end

--- Notes that every user of the pool has been seen.
function planning:note_listed()
  self.is_listed = true
end

--- Notes how many names of users to leave out were read.
-- @tparam number n
function planning:note_exclusions(n)
  self.exclusions = n
end

--- Begins.
-- @tparam table given `journal`, `pool` (a client), `action`, `again`,
--   `selection`, `pool_facts`, `key` (the job's own), `wait` (a function that
--   paces look-ups), `tell` (a function of the program's; nil: none), `calls`
--   (those of a plan that was interrupted; nil: none)
-- @treturn table planning; `is_listed`: every user of the pool has been seen;
--   `exclusions`: how many names are to be left out, nil: no list of them
function M.new(given)
  return setmetatable({
    journal = given.journal, pool = given.pool, action = given.action, again = given.again,
    selection = given.selection, pool_facts = given.pool_facts, key = given.key, wait = given.wait, tell = given.tell,
    calls = given.calls or { list_users = 0, admin_get_user = 0 }, is_listed = false,
  }, planning_mt)
end

return M
