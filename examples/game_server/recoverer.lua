--- A player who gets back into an account, as it goes in life: some mistype
-- the code first, some think of a weak password first.

local M = {}

local recoverer = {}
local recoverer_mt = { __index = recoverer }

local function as_sent(code)
  return code
end

local function mistyped(code)
  return (code:gsub("%d", function(digit) return (digit + 1) % 10 end))
end

-- What is tried one after the other, and what the server should say to it.
local function attempts(username, habit)
  local password = "Recovered-1-" .. username
  local last = { type = as_sent, password = password, expected = "confirm done" }
  if habit == "mistypes" then
    return { { type = mistyped, password = password, expected = "confirm not_accepted" }, last }
  elseif habit == "weak" then
    return { { type = as_sent, password = "weak", expected = "confirm bad_password" }, last }
  end
  return { last }
end

local function finish(self, outcome)
  self.state, self.outcome = "over", outcome
end

local function confirm(self)
  local attempt = self.attempts[1]
  self.state = "confirming"
  self.say(("confirm %s %s %s"):format(self.username, attempt.type(self.code), attempt.password))
end

-- An answer that was not expected ends it.
local reactions = {
  asking = function(self, line)
    if line ~= "forgot accepted" then
      return finish(self, line)
    end
    self.state = "waiting"
  end,
  waiting = finish, -- it takes back what it said
  confirming = function(self, line)
    if line ~= self.attempts[1].expected then
      return finish(self, line)
    end
    table.remove(self.attempts, 1)
    if #self.attempts == 0 then
      return finish(self, "confirmed")
    end
    confirm(self)
  end,
}

--- Hears what the server says to `forgot` and `confirm`.
-- @tparam string line
function recoverer:hear(line)
  local react = reactions[self.state]
  if react then
    react(self, line)
  end
end

--- Looks whether a code came.
-- @tparam number now seconds
-- @tparam table mailbox
function recoverer:look(now, mailbox)
  if self.state == "over" then
    return
  elseif now > self.patient_until then
    finish(self, "gave up while " .. self.state)
  elseif self.state == "waiting" then
    self.code = mailbox:code(self.username)
    if self.code then
      confirm(self)
    end
  end
end

--- The connection is gone.
function recoverer:lose()
  if self.state ~= "over" then
    finish(self, "disconnected")
  end
end

--- Begins.
-- @tparam string username
-- @tparam ?string habit "mistypes" or "weak"
-- @tparam number patient_until when to give up, in seconds
-- @tparam function say sends a line to the server
-- @treturn table `outcome` is nil until it is over, then "confirmed" or what
--   went wrong
function M.new(username, habit, patient_until, say)
  local self = setmetatable({
    username = username, patient_until = patient_until, say = say,
    state = "asking", attempts = attempts(username, habit),
  }, recoverer_mt)
  say("forgot " .. username)
  return self
end

return M
