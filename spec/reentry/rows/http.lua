--- Rows of http objects and exchanges.
local core = require "cognito.core"
local World = require "spec.reentry.world"

local M = {}

local long = World.long

-- ---- http objects ----

M.http = { shown = tostring, make = function(world)
  return core.http, world:given({
    ca_file = "/" .. ("f"):rep(60), ca_path = "/" .. ("p"):rep(60), proxy = "http://" .. ("h"):rep(60), timeout = 5,
  })
end }

local function method(name, more)
  local row = more or {}
  row.of = "http:" .. name
  row.make = row.make or function(world) return world.http[name], world.http end
  M["http:" .. name] = row
end

local function with_request(name)
  return function(world, tag)
    local request = World.request(tag)
    world.exchange = request
    return world.http[name], world.http, world:given(request, { timeout = 10, max_idle = 5, all_headers = false })
  end
end

-- A request in flight, and one whose outcome can be taken.
local function with_outcome(name, ...)
  local args, n = { ... }, select("#", ...)
  return function(world)
    world:start()
    world.http:step(5)
    world:start()
    return world.http[name], world.http, (unpack or table.unpack)(args, 1, n)
  end
end

local function headers_of(reply, ...)
  if type(reply) == "table" and reply.headers then
    reply.headers.date = nil
  end
  return reply, ...
end

method("send", { make = with_request "send", shown = headers_of })
method("start", { make = with_request "start", loose = true, after = function(world, tag, id, err)
  if id or type(err) ~= "table" or err.code ~= "invalid_parameter" then -- what a change may lead to
    world:note_start(tag, id, err or { message = "no id" })
  end
end })
method("take", { make = with_outcome "take", loose = true, after = function(world, _, ...) world:note_take(...) end })
method("step", { make = with_outcome("step", 0, 1), loose = true })
method("stats", { make = with_outcome "stats", loose = true })
method("timeout", { make = with_outcome "timeout", loose = true })
method("pollfd", { make = with_outcome "pollfd", loose = true })
method("events", { make = with_outcome "events" })
method("close")
method("cancel", { loose = true, make = function(world)
  world:start()
  return world.http.cancel, world.http, (next(world.started))
end })

for _, name in ipairs { "__gc", "__close", "__tostring" } do
  M["http." .. name] = { of = "http." .. name, loose = true, make = function(world)
    return getmetatable(world.http)[name], world.http
  end }
end

-- ---- exchanges ----

M.exchange = { shown = type, make = function() return core.exchange end }

M.caller = { shown = type, make = function(world, tag)
  return core.caller, world:given(world:context(tag, {
    analytics_metadata = { analytics_endpoint_id = long "a" }, headers = { { long "X-Name", ("value "):rep(300) } },
  }))
end }

local function with_exchange(name, ...)
  local args, n = { ... }, select("#", ...)
  M["exchange:" .. name] = { make = function(world, tag)
    local exchange = world:prepared(tag)
    return exchange[name], exchange, (unpack or table.unpack)(args, 1, n)
  end }
end

M["exchange:prepare"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  local context = world:given(world:context(tag))
  return exchange.prepare, exchange, "admin_create_user", world:given({
    username = long(tag), user_attributes = { { name = long "email", value = ("a "):rep(600) } },
  }), core.caller(context), long "secret", nil, world:given(context.credentials), context.time, 1, 3
end }

with_exchange("header", "X-" .. "Name", ("value "):rep(300))
with_exchange "clear"

M["exchange:request"] = { shown = function(request, ...)
  return type(request) == "table" and { request.method, request.url } or request, ...
end, make = function(world, tag)
  local exchange = world:prepared(tag)
  return exchange.request, exchange
end }

local function answered(world, tag)
  local exchange = world:prepared(tag)
  exchange:respond(world:given {
    status = 400, headers = { ["x-amzn-errortype"] = long "UserNotFoundException" }, timings = { total = 1.5 },
    body = ('{"message":"%s"}'):format(long(tag)),
  })
  return exchange
end

M["exchange:respond"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  return exchange.respond, exchange, world:given { status = 200, headers = {}, body = "{}" }
end }

M["exchange:headers"] = { make = function(world, tag)
  local exchange = answered(world, tag)
  return exchange.headers, exchange
end }

M["exchange:parse"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  assert(world.http:carry(exchange, 10, 5, 5, false))
  return exchange.parse, exchange
end }

M["exchange:parse (table)"] = { of = "exchange:parse", make = function(world, tag)
  local exchange = answered(world, tag)
  return exchange.parse, exchange
end }

M["exchange.__gc"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  return getmetatable(exchange).__gc, exchange
end }

-- An exchange in flight, or there; with a request whose outcome is there before.
local function with_entries(started)
  return function(world, tag)
    if started then
      world:start()
      world.http:step(5)
    end
    local exchange = world:prepared(tag)
    world:note_start(tag, world.http:launch(exchange, 10, 5, 5, true), nil, exchange)
    world.http:step(started and 0 or 5)
    return world.http.land, world.http, world.entries
  end
end

local function note_landing(world, _, entry, ...)
  world:note_take(entry and entry.id, ...)
end

method("carry", { make = function(world, tag)
  return world.http.carry, world.http, world:prepared(tag), 10, 5, 5, true
end })

method("launch", { loose = true, after = function(world, tag, id, err)
  world:note_start(tag, id, err)
end, make = function(world, tag)
  return world.http.launch, world.http, world:prepared(tag), 10, 5, 5, true
end })

method("land", { loose = true, after = note_landing, make = with_entries(false) })

M["http:land (started)"] = { of = "http:land", loose = true, after = note_landing, make = with_entries(true) }

M["http:land (cancelled)"] = { of = "http:land", loose = true, after = note_landing, make = function(world, tag)
  local exchange = world:prepared(tag)
  local id = assert(world.http:launch(exchange, 10, 5, 5, true))
  world:note_start(tag, id, nil, exchange)
  world.http:cancel(id)
  return world.http.land, world.http, world.entries
end }

M["http:carry (refused)"] = { of = "http:carry", make = function(world, tag)
  local exchange, context = core.exchange(), world:context(tag)
  context.endpoint = "http://" .. "example.com"
  assert(exchange:prepare("forgot_password", { username = long(tag) }, core.caller(context)))
  return world.http.carry, world.http, exchange
end }

return M
