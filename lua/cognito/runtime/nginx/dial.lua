--- Connects to a name inside nginx, whichever of its addresses answers.
--
-- nginx's sockets connect to one address of a name, chosen by chance, and try
-- no other; nor do they say which. So one that fails is followed by another,
-- and one that is not answered gets another beside it (RFC 8305, section 5).
-- Nothing of a request has been sent by then.
-- @module cognito.runtime.nginx.dial

local M = {}

local ngx = rawget(_G, "ngx")
local unpack = rawget(_G, "unpack") or table.unpack

-- Where one of two addresses is dead, one connection in 256 is not made.
local TRIES = 8

local PATIENCE = 0.25 -- seconds; RFC 8305's Connection Attempt Delay

-- ---- one try ----

-- nginx's resolver goes by its own resolver_timeout, half a minute: so each
-- try has a thread of its own, which can be ended.
local function begin(target, pool, seconds)
  local socket = ngx.socket.tcp()
  local try = { socket = socket, is_pending = true }
  local milliseconds = math.max(math.ceil(seconds * 1000), 1)
  socket:settimeouts(milliseconds, milliseconds, milliseconds)
  try.thread = ngx.thread.spawn(function()
    local called, ok, err = pcall(socket.connect, socket, target.host, target.port, pool)
    try.is_connected = called and ok
    try.words = not called and tostring(ok) or err
    try.is_pending = false
  end)
  return try
end

-- A thread that has ended is kept until it is waited for, or killed.
local function give_up(tries, but)
  for _, try in ipairs(tries) do
    ngx.thread.kill(try.thread)
    if try ~= but then
      try.socket:close()
    end
  end
end

-- ---- all of them ----

-- The one that is connected; else those that wait, and why the first failed.
local function survey(tries)
  local pending, failed = {}, nil
  for _, try in ipairs(tries) do
    if try.is_connected then
      return try
    elseif try.is_pending then
      pending[#pending + 1] = try.thread
    elseif try.words ~= "timeout" then
      failed = failed or try.words
    end
  end
  return nil, pending, failed
end

-- Until one of these threads has ended, or the time is up. Less than a
-- millisecond is none to nginx, whose clock would stand still.
local function wait(pending, seconds)
  local alarm = ngx.thread.spawn(function() ngx.sleep(math.max(seconds, 0.001)) end)
  pending[#pending + 1] = alarm
  ngx.thread.wait(unpack(pending))
  ngx.thread.kill(alarm)
end

-- Begins another try, where there may be more, and gives it time.
local function advance(tries, pending, target, pool, left)
  local patience = left
  if #tries < TRIES then
    local try = begin(target, pool, left)
    tries[#tries + 1] = try
    if not try.is_pending then
      return
    end
    pending[#pending + 1] = try.thread
    patience = math.min(PATIENCE, left)
  end
  wait(pending, patience)
end

-- ---- what went wrong ----

-- Whether nginx has an address of the name by now: then asking for it does not
-- make the thread wait.
local function is_known(host)
  local socket, answered = ngx.socket.udp(), false
  local thread = ngx.thread.spawn(function()
    socket:setpeername(host, 53) -- which sends nothing
    answered = true
  end)
  ngx.thread.kill(thread)
  socket:close()
  return answered
end

-- Whether it was the name: another try would ask the same.
local function is_of_name(words)
  return words and words:find "resol" ~= nil
end

local function explain(target, tries, failed, left)
  if is_of_name(failed) then
    return nil, failed, "dns"
  elseif failed and left > 0 then
    return nil, ("%s (%d tries among the addresses of the name)"):format(failed, #tries), "connect"
  elseif failed or is_known(target.host) then
    return nil, ("no address of the name could be reached in time (%d tries)"):format(#tries), "timeout"
  end
  return nil, "the name could not be looked up in time", "timeout"
end

--- Connects to a name, or takes a connection to it that is idle.
-- @tparam table target `host`, `port`
-- @tparam table pool options of nginx's `connect`
-- @tparam number connect_by when to give up, on `clock`
-- @tparam function clock seconds
-- @treturn[1] table socket
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] string code: `dns`, `connect` or `timeout`
function M.connect(target, pool, connect_by, clock)
  local tries = {}
  while true do
    local winner, pending, failed = survey(tries)
    local left = connect_by - clock()
    if winner then
      give_up(tries, winner)
      return winner.socket
    elseif left <= 0 or is_of_name(failed) or (#tries == TRIES and #pending == 0) then
      give_up(tries)
      return explain(target, tries, failed, left)
    end
    advance(tries, pending, target, pool, left)
  end
end

return M
