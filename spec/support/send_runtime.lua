--- The runtime of one case of the matrix of sends: one of spec/support/runtimes/
-- that counts the attempts, and lets the first one go wrong.
local M = {}

local Runtime = {}
Runtime.__index = Runtime

local function send_as_usual(inner, request, options)
  return inner:send(request, options)
end

-- Only a runtime that is made for it goes through a proxy.
local function send_elsewhere(self, request, options)
  local send = self.kind.send or send_as_usual
  local detour = self.detour
  local inner = detour.proxy and self.kind.new { proxy = detour.proxy } or self.inner
  local response, err = send(inner, {
    method = request.method, url = detour.url, headers = request.headers, body = request.body,
  }, options, true)
  if detour.proxy then
    self.kind.close(inner)
  end
  return response, err
end

-- One connection, or a second one that libcurl opened for its own retry,
-- on which nothing was sent.
local function was_reused(self, err)
  if self.kind.has_reused then
    return self.kind.has_reused()
  end
  return self.kind.connections and self.kind.connections(self.inner) == 1
    or err ~= nil and err.message:find("kept-alive", 1, true) ~= nil
end

function Runtime:send(request, options)
  self.attempts = self.attempts + 1
  local first = self.attempts == 1
  if first and self.wait then
    options.timeout, options.connect_timeout = self.wait, self.wait
  end
  options.max_idle = self.max_idle or options.max_idle
  local response, err
  if first and self.detour then
    response, err = send_elsewhere(self, request, options)
  else
    response, err = (self.kind.send or send_as_usual)(self.inner, request, options, self.wait)
  end
  if first then
    self.first = { sent = not err or err.sent, reused = was_reused(self, err) }
  end
  return response, err
end

function Runtime.sleep()
end

function Runtime:now()
  return self.inner:now()
end

function Runtime:clock()
  return self.inner:clock()
end

--- Makes one.
-- @tparam table kind of spec/support/runtimes/
-- @tparam table inner one of its runtimes
-- @tparam table plan `detour` of the first attempt; `wait`, the seconds after
--   which that one is meant to time out, while all others have time enough;
--   `max_idle` of all attempts
-- @treturn table runtime: `attempts`, `first` (`sent`, `reused`), `inner`
function M.new(kind, inner, plan)
  return setmetatable({
    kind = kind, inner = inner, attempts = 0, detour = plan.detour, wait = plan.wait, max_idle = plan.max_idle,
  }, Runtime)
end

return M
