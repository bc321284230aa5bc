--- Requests of players without access to their accounts.
--
-- Each request is a task of the library's loop: straight-line code that waits
-- where it stands, while the tick gives the loop its time. How often somebody
-- may ask is decided before there is a task, and nothing that a player hears
-- depends on who has an account.

local limits = require "limits"
local public_answer = require("cognito.recovery").public_answer

local M = {}

local MOST_PENDING = 256 -- requests of all players
local MOST_OF_ONE = 2 -- a code may be there before the request for it has ended

local recovery = {}
local recovery_mt = { __index = recovery }

-- ---- who may ask ----

-- Nil when it may be begun.
local function refusal(self, player)
  local now = self.loop:clock()
  if self.closing or self.pending >= MOST_PENDING then
    return "try_later"
  elseif (player.pending or 0) >= MOST_OF_ONE then
    return "busy"
  elseif not self.limits.player:take(player, now) or not self.limits.address:take(player.connection.address, now) then
    return "slow_down"
  end
end

-- Upper case makes no second account of the first.
local function is_too_often(self, what, username)
  return not self.limits.account:take(what .. " " .. username:lower(), self.loop:clock())
end

--- Forgets who may ask again. For once a minute or so.
function recovery:sweep()
  for _, each in pairs(self.limits) do
    each:sweep(self.loop:clock())
  end
end

-- ---- tasks ----

local function count(self, outcome)
  self.counts[outcome] = (self.counts[outcome] or 0) + 1
end

-- The player may have left: the outcome counts all the same.
local function finish(self, request, outcome)
  count(self, request.what .. " " .. outcome)
  self.requests[request.task] = nil
  self.pending = self.pending - 1
  request.player.pending = request.player.pending - 1
  if request.tells[outcome] then
    request.player.connection:say(request.what .. " " .. request.tells[outcome])
  end
end

local function start(self, request, work)
  count(self, request.what)
  self.pending = self.pending + 1
  request.player.pending = (request.player.pending or 0) + 1
  request.task = self.loop:spawn(function()
    local page = work()
    if page.log.code then
      self.log(tostring(page.log))
    end
    finish(self, request, page.outcome)
  end)
  self.requests[request.task] = request
end

--- For the loop's `on_error`: a request whose task raised is answered, too.
-- @param err
-- @tparam table task
function recovery:failed(err, task)
  self.log("a request failed: " .. tostring(err))
  local request = self.requests[task]
  if request then
    finish(self, request, "try_later")
  end
end

-- ---- what players ask for ----

-- The player heard `accepted` long ago. That the service is out of reach
-- concerns all players alike, so it may be added; that it is `broken` may
-- concern only those who have an account, and is for the operator.
local TELLS_ASKED = { try_later = "try_later" }

local TELLS_CONFIRMED = {
  done = "done", not_accepted = "not_accepted", bad_password = "bad_password",
  try_later = "try_later", broken = "try_later",
}

--- Asks for a code. The answer is here before the call is made, the same for
-- everybody and after the same time.
-- @tparam table player
-- @tparam string username
-- @treturn string `accepted`, `busy`, `slow_down` or `try_later`
function recovery:ask(player, username)
  local refused = refusal(self, player)
  if refused then
    return refused
  elseif is_too_often(self, "forgot", username) then
    count(self, "forgot limited") -- others asked: a stranger need not know
    return "accepted"
  end
  start(self, { what = "forgot", player = player, tells = TELLS_ASKED }, function()
    return public_answer(self.pool:forgot_password { username = username })
  end)
  return "accepted"
end

-- Calls take longer for users who exist: the answer waits for the next full
-- second, where that is what `settle` says.
local function round_up(self, begun)
  self.loop:sleep(self.settle - (self.loop:clock() - begun) % self.settle)
end

--- Sets a new password. The player hears the outcome later: `done`,
-- `not_accepted`, `bad_password` or `try_later`.
-- @tparam table player
-- @tparam string username
-- @tparam string code
-- @tparam string password
-- @treturn ?string `busy`, `slow_down` or `try_later` when it is not tried
function recovery:confirm(player, username, code, password)
  local refused = refusal(self, player)
  if refused then
    return refused
  elseif is_too_often(self, "confirm", username) then
    return "slow_down"
  end
  start(self, { what = "confirm", player = player, tells = TELLS_CONFIRMED }, function()
    local begun = self.loop:clock()
    local page = public_answer(self.pool:confirm_forgot_password {
      username = username, confirmation_code = code, password = password,
    })
    round_up(self, begun)
    return page
  end)
end

-- ---- life ----

--- Begins nothing more; what is pending goes on.
function recovery:close()
  self.closing = true
end

--- Answers those whose tasks will not, for the loop was closed.
function recovery:abandon()
  for _, request in pairs(self.requests) do
    finish(self, request, "try_later")
  end
end

--- How many requests came to what.
-- @treturn string one line for those for a code, one for new passwords
function recovery:text()
  local function n(name)
    return self.counts[name] or 0
  end
  return ("codes asked for            %d: accepted %d, try_later %d, broken %d, not sent: too often %d\n"
    .. "passwords to be set        %d: done %d, not_accepted %d, bad_password %d, try_later %d, broken %d"):format(
    n "forgot", n "forgot accepted", n "forgot try_later", n "forgot broken", n "forgot limited",
    n "confirm", n "confirm done", n "confirm not_accepted", n "confirm bad_password", n "confirm try_later",
    n "confirm broken")
end

--- Makes what answers players.
-- @tparam cognito.Loop loop
-- @tparam cognito.Client pool with that loop as its runtime
-- @tparam table options `per_address`, requests that one address may make at
--   once; `settle`, seconds; `log`, called with lines for the operator in
--   which there is nothing of a player
-- @treturn table `pending` is a count
function M.new(loop, pool, options)
  return setmetatable({
    loop = loop, pool = pool, settle = options.settle, log = options.log, requests = {}, pending = 0, counts = {},
    limits = {
      player = limits.new(6, 10), -- a connection
      address = limits.new(options.per_address, 2), -- a household, a school
      account = limits.new(5, 720), -- as many as the service allows, too
    },
  }, recovery_mt)
end

return M
