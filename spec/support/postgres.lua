--- A PostgreSQL server of the spec's own: a private data directory, a Unix
-- socket, no TCP port. It ends when its standard input does, so it outlives
-- neither `stop` nor this process.

local core = require "cognito.core"

local M = {}

local Server = {}
Server.__index = Server

local function sh(command, ...)
  local run = assert(core.run({ "sh", "-c", command, "sh", ... }, 60))
  assert(run.status == 0, run.stderr or command)
  return (run.stdout:gsub("%s+$", ""))
end

-- The server refuses to be root; Debian's package makes a user for it.
local function user()
  return sh "id -u" == "0" and sh "getent passwd postgres nobody | head -n 1 | cut -d: -f1"
end

local function binaries()
  local folder = sh "ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1"
  if folder ~= "" then return folder .. "/" end
  return "" -- in PATH, then
end

-- What starts a program as another user, where that is needed.
local function prefix_for(name)
  return name and ("setpriv --reuid=%s --regid=$(id -g %s) --clear-groups "):format(name, name) or ""
end

local function exists(path)
  local file = io.open(path)
  return file ~= nil and file:close()
end

local function quoted(word)
  return "'" .. word .. "'"
end

--- Whether PostgreSQL is installed here.
-- @treturn boolean
function M.is_installed()
  return binaries() ~= "" or core.run({ "sh", "-c", "command -v postgres" }).status == 0
end

--- Makes a data directory and starts a server on it.
-- @treturn table server
function M.new()
  local folder, name = sh "mktemp -d /tmp/bulk-postgres.XXXXXX", user()
  local self = setmetatable({ folder = folder, prefix = prefix_for(name), binaries = binaries() }, Server)
  if name then sh('chown "$1" "$2"', name, folder) end
  sh(("cd /; %s%sinitdb --pgdata=%s/data --auth=trust --username=bulk --encoding=UTF8 --locale=C --no-sync >/dev/null")
    :format(self.prefix, self.binaries, quoted(folder)))
  self:start()
  return self
end

local command = [[
  cd /
  %s%spostgres -D %s -k %s -c listen_addresses= -c max_connections=20 >%s 2>&1 &
  pid=$!
  read ignored
  kill -%s $pid
  wait $pid
]]

local function is_ready(self)
  return core.run({ self.binaries .. "pg_isready", "--quiet", "--host=" .. self.folder }, 10).status == 0
end

--- Starts the server, after `stop` too.
-- @tparam[opt="INT"] string signal with which it will be stopped: INT ends all
--   sessions, QUIT does not tidy up
function Server:start(signal)
  local text = command:format(self.prefix, self.binaries, quoted(self.folder .. "/data"), quoted(self.folder),
    quoted(self.folder .. "/log"), signal or "INT")
  if exists(self.folder .. "/log") == nil then sh('touch "$1" && chmod 666 "$1"', self.folder .. "/log") end
  self.pipe = assert(io.popen(text, "w"))
  local deadline = core.clock() + 30
  while not is_ready(self) do
    assert(core.clock() < deadline, "PostgreSQL did not start")
    core.sleep(0.05)
  end
end

--- The URL of a job's journal in it.
-- @tparam string job
-- @treturn string
function Server:url(job)
  return ("postgres://bulk@/postgres?host=%s&job=%s"):format(self.folder, job)
end

--- Runs statements with psql.
-- @tparam string sql
-- @treturn string what it prints: rows without headers
function Server:psql(sql)
  return sh('"$1" --host="$2" --username=bulk --dbname=postgres --no-align --tuples-only --command="$3"',
    self.binaries .. "psql", self.folder, sql)
end

--- Stops the server; the data stay.
function Server:stop()
  if self.pipe then
    self.pipe:close()
    self.pipe = nil
  end
end

--- Stops the server and removes its data.
function Server:remove()
  self:stop()
  sh('rm -r "$1"', self.folder)
end

return M
