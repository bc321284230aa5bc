--- A PostgreSQL server of the spec's own: a private data directory, a Unix
-- socket, a TCP port only where one is asked for. It ends when its standard input does, so it outlives
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

-- The command that starts a program as another user, where that is needed.
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

-- Compiled into the server's folder: the machine need not have it installed.
local function make_locale(self, name)
  local language, charset = name:match "^([^.]+)%.(.+)$"
  local run = core.run({ "sh", "-c", 'mkdir -p "$1/locale" && localedef -i "$2" -f "$3" "$1/locale/$4"; '
    .. 'chmod -R a+rX "$1/locale" && test -e "$1/locale/$4/LC_MESSAGES"',
    "sh", self.folder, language, charset, name }, 60)
  assert(run.status == 0, "the locale cannot be made (scripts/deps services installs locales): " .. run.stderr)
  self.environment = "LOCPATH=" .. quoted(self.folder .. "/locale") .. " "
end

--- Makes a data directory and starts a server on it.
-- @tparam[opt] table options `settings`: of the server, like `-c fsync=off`;
--   `messages`: the locale of its messages, like `de_DE.UTF-8`; `port`: a
--   number, to listen on 127.0.0.1 as well
-- @treturn table server
function M.new(options)
  options = options or {}
  local folder, name = sh "mktemp -d /tmp/bulk-postgres.XXXXXX", user()
  local self = setmetatable({
    folder = folder, prefix = prefix_for(name), binaries = binaries(), settings = options.settings or "",
    environment = "", port = options.port or 5432, killed = {},
  }, Server)
  if options.port then
    self.settings = self.settings .. (" -c listen_addresses=127.0.0.1 -c port=%d"):format(options.port)
  end
  if options.messages then
    make_locale(self, options.messages)
    self.settings = self.settings .. " -c lc_messages=" .. options.messages
  end
  if name then sh('chown "$1" "$2"', name, folder) end
  sh(("cd /; %s%sinitdb --pgdata=%s/data --auth=trust --username=bulk --encoding=UTF8 --locale=C --no-sync >/dev/null")
    :format(self.prefix, self.binaries, quoted(folder)))
  self:start()
  return self
end

local command = [[
  cd /
  %s%s%spostgres -D %s -k %s -c listen_addresses= -c max_connections=20 %s >>%s 2>&1 &
  pid=$!
  exec 2>/dev/null
  read ignored
  %s
  wait $pid
]]

-- A server that stands still starts no more processes: one that survived would keep the next server from its memory.
local KILL_ALL = [[kill -STOP $pid
  while pids=$(ps -o stat=,pid= --ppid $pid | sed -n 's/^[^Z][^ ]* *//p'); [ -n "$pids" ]; do kill -KILL $pids; done
  kill -KILL $pid]]

local function is_ready(self)
  return core.run({ self.binaries .. "pg_isready", "--quiet", "--host=" .. self.folder,
    ("--port=%d"):format(self.port) }, 10).status == 0
end

--- Starts the server, after `stop` too.
-- @tparam[opt="INT"] string signal with which it will be stopped: INT ends all
--   sessions, QUIT does not tidy up, KILL ends all its processes at once
function Server:start(signal)
  local text = command:format(self.environment, self.prefix, self.binaries, quoted(self.folder .. "/data"),
    quoted(self.folder), self.settings, quoted(self.folder .. "/log"),
    signal == "KILL" and KILL_ALL or ("kill -%s $pid"):format(signal or "INT"))
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
-- @tparam[opt] table options `user`, `database`
-- @treturn string
function Server:url(job, options)
  options = options or {}
  return ("postgres://%s@/%s?host=%s&job=%s"):format(options.user or "bulk", options.database or "postgres",
    self.folder, job)
end

--- Runs statements with psql.
-- @tparam string sql
-- @tparam[opt="postgres"] string database
-- @treturn string what it prints: rows without headers
function Server:psql(sql, database)
  return sh('"$1" --host="$2" --port="$5" --username=bulk --dbname="$4" --no-align --tuples-only --command="$3"',
    self.binaries .. "psql", self.folder, sql, database or "postgres", ("%d"):format(self.port))
end

--- Copies a database into a new one, as a dump that is restored.
-- @tparam string from
-- @tparam string to
function Server:restore(from, to)
  self:psql("CREATE DATABASE " .. to)
  sh('"$1pg_dump" --host="$2" --username=bulk "$3" | '
    .. '"$1psql" --quiet --host="$2" --username=bulk --dbname="$4" >/dev/null',
    self.binaries, self.folder, from, to)
end

--- Kills the server, which writes nothing more to its disk. Children of this
-- process may hold its pipe open, so `stop` would wait for them.
function Server:kill()
  local lock = self.folder .. "/data/postmaster.pid"
  sh('kill -QUIT "$(head -n 1 "$1")"', lock)
  local deadline = core.clock() + 30
  while exists(lock) do
    assert(core.clock() < deadline, "PostgreSQL did not end")
    core.sleep(0.01)
  end
  self.killed[#self.killed + 1], self.pipe = self.pipe, nil
end

--- Stops the server; the data stay.
function Server:stop()
  for _, pipe in ipairs(self.killed) do pipe:close() end
  self.killed = {}
  if self.pipe then
    self.pipe:close()
    self.pipe = nil
  end
end

--- Lets commits be asynchronous by default, and stay in memory for seconds:
-- those of a session that does not ask for more are lost when it is killed.
function Server:forget_quickly()
  self:psql "ALTER DATABASE postgres SET synchronous_commit = off"
  self:psql "ALTER SYSTEM SET wal_writer_delay = '10s'"
  self:psql "ALTER SYSTEM SET wal_writer_flush_after = '1GB'"
  self:stop()
  self:start()
  assert(self:psql "SHOW synchronous_commit" == "off" and self:psql "SHOW wal_writer_delay" == "10s")
end

--- Stops the server and removes its data.
function Server:remove()
  self:stop()
  sh('rm -r "$1"', self.folder)
end

return M
