--- examples/game_server/server.lua as a process of its own, and players.

local process = require "spec.support.process"
local socket = require "socket"

local M = {}

local SECONDS = 20 -- after which something hangs

-- The shell tells the server's process id and, in the end, its status. Should
-- this process die, the pipe ends, and the server with it.
local SCRIPT = [[
exec 3<&0 2>/dev/null
env %s '%s' examples/game_server/server.lua --port 0 --per-address 1000 --settle 0.1 %s \
  >%s.out 2>%s.err </dev/null 3<&- &
pid=$!
echo $pid >%s.pid
{ cat <&3 >/dev/null; kill -KILL $pid 2>/dev/null; } &
wait $pid
echo $? >%s.status
]]

local function read(path)
  return process.read(path) or ""
end

--- Waits until something is there.
-- @tparam function look returns it, or nil
-- @tparam string what it is
-- @return it
function M.wait_for(look, what)
  return process.wait_for(look, what, SECONDS)
end

--- Runs scripts/example_game, as `make example-game` does.
-- @tparam string flags
-- @treturn string what it printed
-- @treturn integer its status
function M.run_example(flags)
  -- Where the library is watched for leaks, the script's own programs are not:
  -- mktemp leaves some, and fails for it.
  return process.output_of(("ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 scripts/example_game %s %s 2>&1"):format(
    process.quote(process.interpreter()), flags))
end

-- ---- players ----

local player = {}
player.__index = player

--- Sends lines, or any bytes.
function player:send(bytes)
  assert(self.client:send(bytes))
end

--- The next line from the server that tells of no move.
-- @treturn[1] string
-- @treturn[2] nil when there will be none
-- @treturn[2] string why
function player:hear()
  repeat
    local line, err = self.client:receive "*l"
    if not line or not line:find "^at " then return line, err end
  until false
end

--- Sends a line and returns what is said to it.
function player:ask(line)
  self:send(line .. "\n")
  return self:hear()
end

--- Leaves.
function player:leave()
  self.client:close()
end

-- ---- the server ----

local server = {}
server.__index = server

-- The variables among what a sandbox says of itself.
local function assignments(environment)
  local variables = {}
  for name, value in pairs(environment) do variables[name] = name:find "^%u" and value or nil end
  return process.assignments(variables)
end

--- Starts one.
-- @tparam table environment from name to value, as a sandbox tells it
-- @tparam[opt] string flags of its command line
-- @treturn table server
function M.start(environment, flags)
  local base = os.tmpname()
  local script = SCRIPT:format(assignments(environment), process.interpreter(), flags or "", base, base, base, base)
  local self = setmetatable({ base = base, pipe = assert(io.popen(script, "w")) }, server)
  local started, port = pcall(M.wait_for, function()
    return read(base .. ".out"):match "game server: [%d.]+:(%d+)\n" or read(base .. ".status"):match "%d+\n"
  end, "the game server")
  if not started or read(base .. ".status") ~= "" then
    local why = read(base .. ".err")
    self:kill()
    error("the game server did not start: " .. why, 2)
  end
  self.port = tonumber(port)
  return self
end

--- A new player.
function server:join()
  local client = assert(socket.connect("127.0.0.1", self.port))
  client:settimeout(SECONDS)
  return setmetatable({ client = client }, player)
end

--- Tells it to end, by SIGTERM.
function server:terminate()
  os.execute("kill -TERM " .. read(self.base .. ".pid"))
end

--- Waits for its end.
-- @treturn string what it printed
-- @treturn integer its status
-- @treturn string what it logged
function server:await()
  local status = M.wait_for(function() return read(self.base .. ".status"):match "%d+\n" end, "the server's end")
  return read(self.base .. ".out"), tonumber(status), read(self.base .. ".err")
end

--- Tells it to end, and waits.
function server:stop()
  self:terminate()
  return self:await()
end

--- Ends it without ado, and forgets what it printed.
function server:kill()
  if self.pipe then
    self.pipe:close()
    self.pipe = nil
  end
  for _, name in ipairs { "", ".out", ".err", ".pid", ".status" } do
    os.remove(self.base .. name)
  end
end

return M
