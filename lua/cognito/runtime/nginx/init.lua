--- The runtime inside nginx, with its Lua module or as OpenResty: cosockets
-- only, so that a worker serves others while a call waits.
-- @module cognito.runtime.nginx

local carriers = require "cognito.runtime.carriers"
local connections = require "cognito.runtime.nginx.connection"
local defaults = require "cognito.connections"
local errors = require "cognito.runtime.nginx.errors"
local native = require "cognito.native"
local phase = require "cognito.runtime.nginx.phase"

local M = {}

local ngx = rawget(_G, "ngx")
local clock = connections.clock

local MAX_IDLE = 60 -- seconds that a connection may be idle
local MOST_IDLE = 64 -- objects that read and write HTTP/1.1, kept for later
local MOST_TARGETS = 64 -- URLs that were read, kept for later

local min, remove = math.min, table.remove

-- ---- waiting ----

local function check_phase()
  local good, words = phase.check()
  if good then
    return true
  end
  return nil, errors.new { code = "wrong_phase", words = words, sent = false }
end

--- The methods that have to do with time; a runtime that sends in another way
-- has them, too.
M.waiting = {}

local waiting = M.waiting

--- Waits, while the worker does other things.
-- @tparam number seconds
-- @treturn[1] boolean true
-- @treturn[2] nil where nothing can wait, at once
-- @treturn[2] table error: `wrong_phase`
function waiting:sleep(seconds)
  local good, err = check_phase()
  if good then
    ngx.sleep(math.max(seconds, 0.001)) -- less is none to nginx: its clock would stand still
  end
  return good, err
end

--- The time of day, to sign with, as nginx knows it: it looks at the clock
-- whenever it has waited, and a signature does not mind the milliseconds.
-- @treturn number epoch seconds
function waiting:now()
  return ngx.now()
end

--- A clock that only goes forward, to measure with; in milliseconds.
-- @treturn number seconds
function waiting:clock()
  return clock()
end

--- Runs a function apart from the request that this is, which nginx may end at
-- any moment.
-- @tparam function f that raises nothing
-- @treturn boolean whether it will run
function waiting:detach(f) -- luacheck: no self
  return ngx.timer.at(0, function() f() end)
end

-- ---- sending ----

local runtime = setmetatable({}, { __index = waiting })
local runtime_mt = { __index = runtime, __name = "cognito.runtime.nginx" }

--- Refuses calls where nothing can be sent, before anything is done for them.
-- @treturn[1] boolean false: there is nothing to release
-- @treturn[2] nil
-- @treturn[2] table error: `wrong_phase`
function runtime:admit() -- luacheck: no self
  local good, err = check_phase()
  if good then
    return false
  end
  return nil, err
end

--- A call has ended.
function runtime:release() end -- luacheck: no self


local function refused(words)
  return nil, { code = "invalid_parameter", words = words, sent = false }
end

-- A program may have any number of URLs, though those of a pool stay few. Idle
-- connections are found by names, so none is lost with what is forgotten here.
local function keep_target(self, key, target)
  if self.kept_targets == MOST_TARGETS then
    self.targets, self.kept_targets = {}, 0
  end
  self.targets[key] = target
  self.kept_targets = self.kept_targets + 1
end

local function find_target(self, url, is_direct)
  local key = is_direct and "direct " .. url or url
  local target = self.targets[key]
  if target then
    return target
  end
  local words
  target, words = native.request_url(url, is_direct or self.allow_http)
  if not target then
    return refused(words)
  end
  target.pools = {}
  keep_target(self, key, target)
  return target
end

-- A connection with the request in it. One that was idle and refuses it has
-- died meanwhile: nothing has left, and another takes its place.
local function open_and_send(target, limits, bytes)
  while true do
    local connection, fault = connections.open(target, limits)
    if not connection then
      return nil, fault
    end
    local good
    good, fault = connection:send(bytes)
    if good then
      return connection
    end
    connection:close()
    if fault.sent or not connection.is_reused then
      return nil, fault, connection
    end
  end
end

-- The reply, as it comes in.
local function read(connection, http1)
  local done, code, words
  repeat
    local bytes, fault = connection:more()
    if bytes then
      done, code, words = http1:feed(bytes)
    else
      done = http1:finish(fault.ended)
      if not done then
        return nil, fault
      end
    end
  until done ~= false
  if done then
    return true
  end
  return nil, { code = code, words = words }
end

-- Sends what was written, and reads the reply. Returns true or nil, a fault, and
-- the connection.
local function exchange(self, http1, url, bytes, limits)
  local target, fault = find_target(self, url, limits.direct)
  if not target then
    return nil, fault
  end
  local connection, broken
  connection, fault, broken = open_and_send(target, limits, bytes)
  if not connection then
    return nil, fault, broken
  end
  local good
  good, fault = read(connection, http1)
  if good and http1:keeps() then
    connection:rest()
  else
    connection:close()
  end
  return good, fault, connection
end

-- A call that is ended within its exchange leaves the object to the collector.
local function give_back(self, http1)
  if #self.idle < MOST_IDLE then
    self.idle[#self.idle + 1] = http1
  end
end

local function new_limits(begin, timeout, connect_timeout, max_idle)
  local deadline = begin + (timeout or defaults.ATTEMPT_TIMEOUT)
  return {
    deadline = deadline,
    connect_by = min(begin + (connect_timeout or defaults.CONNECT_TIMEOUT), deadline),
    max_idle = max_idle or MAX_IDLE,
  }
end

-- Seconds from the beginning: connected, secured, first byte, now; 0 for what
-- was never reached. nginx looks a name up and connects in one.
local function moments(connection, begin)
  local function since(moment)
    return moment and moment - begin or 0
  end
  connection = connection or {}
  return since(connection.connected_at), since(connection.secured_at), since(connection.first_byte_at),
    since(clock())
end

local function timings(connection, begin)
  local connect, tls, first_byte, total = moments(connection, begin)
  return { name_lookup = 0, connect = connect, tls = tls, first_byte = first_byte, total = total }
end

local function failed(fault, timed, connection, begin)
  local err = errors.new(fault)
  if timed then
    err.timings = timings(connection, begin)
  end
  return nil, err
end

--- Sends one request and waits for its response.
-- @tparam table request `{ method, url, headers, body }`
-- @tparam table options `timeout`, `connect_timeout`, `max_idle` in seconds,
--   `all_headers`, `timings`, `direct` (plain http to any host)
-- @treturn[1] table response `{ status, headers, body }`
-- @treturn[2] nil
-- @treturn[2] table error `{ code, kind, message, sent, hint }`
function runtime:send(request, options)
  local good, err = check_phase()
  if not good then
    return nil, err
  end
  local begin, http1 = clock(), remove(self.idle) or native.http1(self.max_response)
  local limits = new_limits(begin, options.timeout, options.connect_timeout, options.max_idle)
  limits.direct = options.direct
  local bytes, fault = http1:write(request, limits.max_idle == 0)
  if not bytes then
    return failed({ code = "invalid_parameter", words = fault, sent = false }, options.timings, nil, begin)
  end
  local connection
  good, fault, connection = exchange(self, http1, request.url, bytes, limits)
  if not good then
    return failed(fault, options.timings, connection, begin)
  end
  local response = http1:response(options.all_headers)
  give_back(self, http1)
  if options.timings then
    response.timings = timings(connection, begin)
  end
  return response
end

carriers[runtime.send] = function(self, prepared, timeout, connect_timeout, max_idle, timed)
  local good, err = check_phase()
  if not good then
    return nil, err
  end
  local begin, http1 = clock(), remove(self.idle) or native.http1(self.max_response)
  local limits = new_limits(begin, timeout, connect_timeout, max_idle)
  local bytes, url = http1:load(prepared, limits.max_idle == 0)
  local fault, connection
  good, fault, connection = exchange(self, http1, url, bytes, limits)
  if not good then
    return failed(fault, timed, connection, begin)
  elseif timed then
    http1:answer(prepared, moments(connection, begin))
  else
    http1:answer(prepared)
  end
  give_back(self, http1)
  return true
end

-- ---- settings ----

local TRUST = "nginx verifies certificates with those of lua_ssl_trusted_certificate in nginx.conf"

local unheeded = {
  ca_file = TRUST,
  ca_path = TRUST,
  proxy = "its sockets go through no proxy; a function as `runtime` can send through one",
}

-- The oldest that the specs are run on. Before 0.10.14 there is no receiveany.
local NEEDED, NEEDED_TEXT = 10023, "0.10.23"

-- In a `stream` block the number is that of another module, ngx_stream_lua.
local function check_version(level)
  local version = ngx.config.ngx_lua_version
  if version < NEEDED and ngx.config.subsystem ~= "stream" then
    local text = ("%d.%d.%d"):format(math.floor(version / 1000000), math.floor(version / 1000) % 1000, version % 1000)
    error(("lua-cognito needs ngx_lua %s or newer inside nginx (OpenResty 1.21.4.2, Debian 12), and this is %s")
      :format(NEEDED_TEXT, text), level + 1)
  end
end

--- Refuses an ngx_lua that is too old and settings that count for nothing
-- here, and warns of those from elsewhere than the program.
-- @tparam table settings
-- @tparam table facts `sources` and `warnings`
-- @tparam number level whom to blame, as in `error`
-- @raise for an old ngx_lua, and `ca_file`, `ca_path` and `proxy` in the program
function M.check(settings, facts, level)
  check_version(level + 1)
  for name, advice in pairs(unheeded) do
    local source = settings[name] and settings[name] ~= "" and facts.sources[name]
    if source == "settings" then
      error(("the setting '%s' counts for nothing inside nginx: %s"):format(name, advice), level + 1)
    elseif source then
      facts.warnings[#facts.warnings + 1] = ("%s counts for nothing inside nginx: %s"):format(source, advice)
    end
  end
end

--- The runtime for these settings.
-- @tparam table settings `allow_http` and `max_response` count
-- @treturn table runtime
-- @raise for a `max_response` beyond a gibibyte
function M.new(settings)
  local max_response = settings.max_response or 1048576
  return setmetatable({
    allow_http = settings.allow_http, max_response = max_response, targets = {}, kept_targets = 0,
    idle = { native.http1(max_response) },
  }, runtime_mt)
end

return M
