--- A game server with a fixed tick. While the players move, some of them
-- recover their accounts, and the network gets a bounded share of every tick.
--
--     COGNITO_USER_POOL_ID=… COGNITO_CLIENT_ID=… [COGNITO_CLIENT_SECRET=…] \
--       lua5.4 examples/game_server/server.lua --port 4000
--
-- `make example-game` starts it with a local user pool and a thousand players.

package.path = (arg[0]:match "^.*/" or "") .. "?.lua;" .. package.path

local cognito = require "cognito"
local commands = require "commands"
local connections = require "connection"
local options = require "options"
local recoveries = require "recovery"
local reports = require "report"
local uv = require "luv"
local worlds = require "world"

local LINES = 4 -- that one player may say in a tick
local SWEEP = 60 -- seconds

local given = options.parse(arg)

local function log(line)
  io.stderr:write(os.date "!%Y-%m-%dT%H:%M:%SZ ", line, "\n")
end

-- The collector of Lua 5.4 goes forward by a millisecond or two at a time;
-- shorter steps, more of them, suit ticks better.
if _VERSION == "Lua 5.4" then
  collectgarbage("incremental", 200, 100, 8)
end

-- ---- what there is ----

local recovery

-- A TLS handshake takes the time of many calls: one in a tick is enough.
local loop = cognito.loop {
  concurrency = given.calls,
  new_connections = 1,
  on_error = function(err, task) recovery:failed(err, task) end,
}
local pool = cognito.new(options.pool(loop))
recovery = recoveries.new(loop, pool, { per_address = given.per_address, settle = given.settle, log = log })

local game = { world = worlds.new(), recovery = recovery, log = log }
local report = reports.new(given.warm_up)
local players = {} -- a list
local listener, timer, signals = uv.new_tcp(), uv.new_timer(), {}
local closing -- when to end at the latest

-- Seconds on a clock that only goes forward.
local function now()
  return uv.hrtime() / 1e9
end

-- ---- players ----

local function accept(err)
  local socket = uv.new_tcp()
  if err or not uv.accept(listener, socket) then
    uv.close(socket)
    return
  end
  local connection = connections.new(socket)
  if #players >= given.most_players then
    connection:say "error server_full"
    connection:close()
    return
  end
  players[#players + 1] = { connection = connection }
end

-- Whether the player stays.
local function listen_to(player)
  local connection = player.connection
  for _ = 1, LINES do
    local line, problem = connection:next_line()
    if line then
      commands.obey(game, player, line)
    elseif problem == "too_long" then
      connection:say "error too_long"
      connection:close()
    elseif problem == "ended" then
      connection:close()
    end
    if not line then
      break
    end
  end
  return not connection.closed
end

-- The last in the list takes the place of one who has left.
local function listen_to_all()
  for i = #players, 1, -1 do
    local player = players[i]
    if not listen_to(player) then
      game.world:leave(player)
      players[i] = players[#players]
      players[#players] = nil
    end
  end
end

-- ---- the end ----

local function stop()
  uv.close(timer)
  for _, signal in ipairs(signals) do
    uv.close(signal)
  end
  loop:close()
  recovery:abandon()
  for _, player in ipairs(players) do
    player.connection:close()
  end
  print(report:text())
  print(recovery:text())
end

-- Nobody new comes in and nothing more is begun, but what was begun may end:
-- a player who is told to try later may have a message on its way.
local function begin_to_stop()
  if not closing then
    uv.close(listener)
    recovery:close()
  end
  closing = closing and now() or now() + given.grace -- the second signal ends it now
end

-- ---- ticks ----

local swept = now()

-- Wall-clock time is what a tick has lost; processor time is what the library
-- has used of it, even when other programs want the processor, too.
local function give_time_to_network()
  local begun, used = now(), os.clock()
  loop:step(0, given.budget / 1000)
  return now() - begun, os.clock() - used
end

local function tick()
  local begun = now()
  listen_to_all()
  game.world:advance()
  if recovery.pending > 0 then
    report:begin(begun)
  end
  local network, cpu = give_time_to_network()
  for _, player in ipairs(players) do
    player.connection:flush()
  end
  if begun - swept > SWEEP then
    swept = begun
    recovery:sweep()
  end
  report:add {
    now = begun, network = network, network_cpu = cpu, whole = now() - begun, calls = loop:stats().requests,
  }
  if closing and (recovery.pending == 0 or now() >= closing) then
    stop()
  end
end

-- ---- the beginning ----

-- The first connection is there before the first player asks.
local function warm()
  local connected, err = pool:connect()
  if not connected then
    log("the user pool cannot be reached: " .. tostring(err))
  end
end

local function open()
  local ok, err = uv.tcp_bind(listener, given.host, given.port)
  if ok then
    ok, err = uv.listen(listener, 511, accept)
  end
  if not ok then
    error(("cannot listen on %s:%d (%s): choose others by --host and --port"):format(given.host, given.port, err), 0)
  end
end

local function start()
  open()
  for i, name in ipairs { "sigterm", "sigint" } do
    signals[i] = uv.new_signal()
    uv.signal_start(signals[i], name, begin_to_stop)
  end
  uv.timer_start(timer, given.tick, given.tick, tick)
  loop:spawn(warm)
  local address = uv.tcp_getsockname(listener)
  print(("game server: %s:%d"):format(address.ip, address.port))
  io.stdout:flush()
end

start()
uv.run()
