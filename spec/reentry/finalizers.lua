--- The acts of finalizers in the middle of a call: by name, a function of the
-- world. `may_close` and `may_change` say what the call may notice of it.
local core = require "cognito.core"
local World = require "spec.reentry.world"

local M = {}

local function nothing() end

--- Only the collection.
M.collect = { run = nothing }

function M.close(world)
  world.http:close()
end

function M.send(world)
  world:send()
end

function M.start(world)
  world:start()
end

function M.start_and_step(world)
  world:start()
  world.http:step(0)
end

--- Begins a request and waits for it.
function M.start_and_take(world)
  world:start()
  world.http:step(5)
  world:take_all()
end

function M.take(world)
  world:take_all()
end

function M.step(world)
  world.http:step(0)
end

function M.cancel(world)
  for id in pairs(world.started) do
    world.http:cancel(id)
  end
end

--- A call in C from parameters to result, with other keys than any before.
function M.call(world)
  local tag = World.tag()
  local result, err = core.admin_reset_user_password({ username = World.long(tag) }, world:context(tag))
  if not result then
    world:complain("a finalizer's call failed:", err.code, err.message)
  elseif result.Tag ~= tag then
    world:complain("a finalizer got the result of", result.Tag, "instead of", tag)
  end
end

--- More keys than a signer keeps.
function M.sign(world)
  for i = 1, 20 do
    assert(core.build("admin_get_user", { username = "ada" }, world:context(World.tag(), { region = "r-" .. i })))
  end
end

-- ---- changes of the arguments ----

-- Calls `change(t)` for each table among the arguments, inner ones first.
local function each_table(t, change, seen)
  if seen[t] then
    return
  end
  seen[t] = true
  for _, value in pairs(t) do
    if type(value) == "table" then
      each_table(value, change, seen)
    end
  end
  change(t)
end

local function change_with(change)
  return function(world)
    for _, t in ipairs(world.args) do
      each_table(t, change, {})
    end
  end
end

local function each_key(t, change)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  for _, key in ipairs(keys) do
    t[key] = change(t[key])
  end
end

M.clear = change_with(function(t)
  each_key(t, function() return nil end)
end)

--- Strings for other strings, distinguished by their first letter.
M.replace = change_with(function(t)
  each_key(t, function(value)
    return type(value) == "string" and value:gsub("t%d%d%d%d%d%d%d", World.tag "m") .. "" or value
  end)
end)

--- Numbers, which C converts.
M.numbers = change_with(function(t)
  each_key(t, function(value)
    return type(value) == "string" and 1234567890.5 or value
  end)
end)

M.grow = change_with(function(t)
  for i = 1, 40 do
    t[#t + 1], t["key" .. i] = "more " .. i, "more " .. i
  end
end)

--- Another whole request in place of the first: the server sees one of them,
-- never parts of both.
function M.exchange(world)
  if not world.exchange then
    return
  end
  local request, other = world.exchange, World.request(World.tag())
  for name in pairs(request) do
    request[name] = other[name]
  end
end

--- Other use of the exchange that is in hand: refused while it is, and never
-- half of one request and half of another.
function M.use_again(world)
  local exchange, tag = world.in_hand, World.tag()
  if exchange then
    pcall(exchange.prepare, exchange, "forgot_password", { username = World.long(tag) },
      core.caller { region = "eu-west-1", endpoint = World.url(tag), client_id = "c" })
    pcall(exchange.parse, exchange)
    pcall(exchange.clear, exchange)
  end
  local object = world.reading
  if object then
    pcall(object.feed, object, ("x"):rep(2000))
    pcall(object.response, object, true)
    pcall(object.write, object, World.request(tag))
  end
end

local changes = { clear = true, replace = true, numbers = true, grow = true, exchange = true, use_again = true }

for name, finalizer in pairs(M) do
  if type(finalizer) == "function" then
    M[name] = { run = finalizer, may_close = name == "close", may_change = changes[name] }
  end
end

return M
