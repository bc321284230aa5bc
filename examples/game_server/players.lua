--- A load for the game server: players on connections of their own who move
-- all the time, and some at a time who recover their accounts.
--
--     lua5.4 examples/game_server/players.lua 127.0.0.1:4000 http://127.0.0.1:9229
--
-- The second address is that of the local user pool (`cognito sandbox`), where
-- the accounts are made and the codes are read.

package.path = (arg[0]:match "^.*/" or "") .. "?.lua;" .. package.path

local argparse = require "argparse"
local mailboxes = require "mailbox"
local recoverers = require "recoverer"
local stats = require "stats"
local uv = require "luv"

local TICK = 20 -- milliseconds
local BATCH = 50 -- connections begun in one

local parser = argparse("players.lua", "Plays with a game server.")
parser:argument("server", "Address of the game server, HOST:PORT.")
parser:argument("pool", "URL of the local user pool.")
parser:option("--players", "How many there are.", "1000", tonumber)
parser:option("--moves", "Moves of each in a second.", "5", tonumber)
parser:option("--recovering", "How many recover at the same time.", "64", tonumber)
parser:option("--recoveries", "How many recover in all, each once.", "500", tonumber)
parser:option("--seconds", "After which no recovery is begun.", "15", tonumber)
parser:option("--distance", "Milliseconds that the user pool takes to answer.", "100", tonumber)
parser:option("--patience", "Seconds after which a recovery has failed.", "30", tonumber)
local given = parser:parse()

local host, port = given.server:match "^(.+):(%d+)$"
given.recoveries = math.min(given.recoveries, given.players)

local players, recovering, outcomes = {}, {}, {}
local begun_recoveries, joined, answers, lost = 0, 0, 0, 0
local delays = stats.new()
local mailbox = mailboxes.new(given.pool)
local timer = uv.new_timer()
local started, stopping

local function now()
  return uv.hrtime() / 1e9
end

-- ---- one player ----

local function say(player, line)
  if not player.gone then
    uv.write(player.socket, line .. "\n")
  end
end

local function leave(player)
  if not player.gone then
    player.gone = true
    uv.close(player.socket)
    if player.recoverer then
      player.recoverer:lose()
    end
  end
end

local hear = {}

function hear.welcome()
  joined = joined + 1
end

-- The server answers the last of the moves that it got in a tick.
function hear.at(player)
  answers = answers + 1
  if player.moved then
    delays:add(now() - player.moved)
    player.moved = nil
  end
end

function hear.forgot(player, line)
  player.recoverer:hear(line)
end

hear.confirm = hear.forgot

function hear.error(player, line)
  if player.recoverer then
    player.recoverer:hear(line)
  end
end

local function on_read(player, err, bytes)
  if err or not bytes then
    lost = lost + (stopping and 0 or 1)
    return leave(player)
  end
  player.input = player.input .. bytes
  for line in player.input:gmatch "([^\n]*)\n" do
    hear[line:match "^%l+"](player, line)
  end
  player.input = player.input:match "[^\n]*$"
end

local function join(number)
  local player = { number = number, socket = uv.new_tcp(), input = "" }
  players[number] = player
  uv.tcp_nodelay(player.socket, true)
  assert(uv.tcp_connect(player.socket, host, tonumber(port), function(err)
    assert(not err, err)
    uv.read_start(player.socket, function(problem, bytes) on_read(player, problem, bytes) end)
    say(player, "join player" .. number)
  end))
end

-- ---- all of them ----

-- Each in turn, so that every tick has its share of the moves.
local next_mover, moves_due = 1, 0

local function move_some()
  moves_due = moves_due + given.players * given.moves * TICK / 1000
  while moves_due >= 1 do
    local player = players[next_mover]
    next_mover, moves_due = next_mover % given.players + 1, moves_due - 1
    player.moved = player.moved or now()
    say(player, ("move %d %d"):format(math.random(-1, 1), math.random(-1, 1)))
  end
end

local function habit_of(number)
  return number % 8 == 0 and "mistypes" or number % 8 == 4 and "weak" or nil
end

local function begin_recovery()
  begun_recoveries = begun_recoveries + 1
  local player = players[begun_recoveries]
  player.recoverer = recoverers.new("player" .. player.number, habit_of(player.number), now() + given.patience,
    function(line) say(player, line) end)
  recovering[#recovering + 1] = player.recoverer
end

local function begin_recoveries()
  while #recovering < given.recovering and begun_recoveries < given.recoveries and now() - started < given.seconds do
    begin_recovery()
  end
end

local function go_on_recovering()
  mailbox:look(now())
  for i = #recovering, 1, -1 do
    local recoverer = recovering[i]
    recoverer:look(now(), mailbox)
    if recoverer.outcome then
      outcomes[recoverer.outcome] = (outcomes[recoverer.outcome] or 0) + 1
      table.remove(recovering, i)
    end
  end
end

-- ---- the end ----

local function print_outcomes()
  local confirmed, failed = outcomes.confirmed or 0, 0
  for outcome, count in pairs(outcomes) do
    if outcome ~= "confirmed" then
      failed = failed + count
      print(("  failed: %s: %d"):format(outcome, count))
    end
  end
  print(("recoveries: %d begun, %d confirmed, %d failed"):format(begun_recoveries, confirmed, failed))
  return failed == 0 and confirmed == begun_recoveries
end

local function stop()
  stopping = true
  uv.close(timer)
  for _, player in ipairs(players) do
    leave(player)
  end
  print(("players: %d joined, %d lost; %d moves answered; until the answer p50 %.1f, p99 %.1f, max %.1f ms"):format(
    joined, lost, answers, delays:percentile(50) * 1000, delays:percentile(99) * 1000, delays.max * 1000))
  if not print_outcomes() or lost > 0 then
    os.exit(1)
  end
end

local function is_over()
  return #recovering == 0 and (begun_recoveries == given.recoveries or now() - started >= given.seconds)
end

local function tick()
  for _ = 1, math.min(BATCH, given.players - #players) do
    join(#players + 1)
  end
  if joined + lost < given.players then
    return
  end
  started = started or now()
  move_some()
  begin_recoveries()
  go_on_recovering()
  if is_over() then
    stop()
  end
end

for number = 1, given.recoveries do
  mailbox:add_user("player" .. number)
end
mailbox:slow_down(given.distance / 1000)
uv.timer_start(timer, TICK, TICK, tick)
uv.run()
