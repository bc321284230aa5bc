--- Kept-alive connections: reused while they are good, and never at the price
-- of carrying something out twice.
local expect = require "spec.support.expect"

local equal, success, failure = expect.equal, expect.success, expect.failure

local BODY = '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL"}}'

local cases = {}

local function add(name, check)
  cases[#cases + 1] = { name, { "sockets" }, check }
end

local function ok(world)
  return world:reply(200, { "x-amzn-RequestId: r-1" }, BODY)
end

-- Calls a script so many times. Returns the connections used, as a text.
local function connections(world, script, operation, times)
  local pool = world:client { endpoint = script.url }
  for _ = 1, times do
    success(pool[operation](pool, { username = "ada" }))
  end
  local first, used = nil, {}
  for i, request in ipairs(world:received(script)) do
    first = first or request.connection
    used[i] = request.connection == first and "same" or "other"
  end
  return table.concat(used, " ")
end

add("a connection is used again", function(world)
  equal("same same same", connections(world, world:script { ok(world) }, "forgot_password", 3))
  equal("same same same", connections(world, world:script { ok(world) }, "admin_get_user", 3))
end)

add("a connection that the server closes is not used again", function(world)
  local closing = { world:reply(200, { "Connection: close" }, BODY), ending = "close" }
  equal("same other", connections(world, world:script { closing }, "forgot_password", 2))
end)

add("a connection is not used again after a timeout", function(world)
  local script = world:script { { ending = "hang" }, ok(world) }
  local pool = world:client { endpoint = script.url }
  failure({ code = "timeout" }, pool:forgot_password({ username = "ada" }, { attempt_timeout = 0.1 }))
  success(pool:forgot_password { username = "ada" })
  local requests = world:received(script)
  assert(requests[1].connection ~= requests[2].connection, "it was used again")
end)

-- A runtime gets the longest idle time of a connection; 0 takes a new one
-- each time. How a call chooses is spec/client/call_spec.lua's.
add("max_idle", function(world)
  local script = world:script { ok(world) }
  local request = { method = "POST", url = script.url, headers = {}, body = "{}" }
  for _, max_idle in ipairs { 60, 60, 0, 0 } do
    success(world.runtime:send(request, { timeout = 5, connect_timeout = 5, max_idle = max_idle }))
  end
  local got = world:received(script)
  equal(got[1].connection, got[2].connection, "60 after 60")
  assert(got[3].connection ~= got[2].connection, "0 after 60")
  assert(got[4].connection ~= got[3].connection, "0 after 0")
end)

-- ---- it died while idle ----

for _, operation in ipairs { "admin_get_user", "forgot_password" } do
  for name, fault in pairs {
    closed = { what = "hang_up" },
    reset = { what = "reset", phase = "after", cut = 1e6 }, -- the reply comes through
  } do
    add(("%s while idle: %s is carried out once"):format(name, operation), function(world)
      local user, pool = world:user(), world:client()
      fault.operation = "describe_user_pool_client"
      world.pool:misbehave(fault)
      success(pool:describe_user_pool_client {})
      world.pool:executions() -- by now the other side has done its work
      local _, err, meta = pool[operation](pool, { username = user })
      equal(nil, err)
      equal(1, meta.attempts)
      equal(1, world.pool:executions(operation, user))
    end)
  end
end

add("closed by the next request: outcome unknown, and it is not sent again", function(world)
  local script = world:script { ok(world), { ending = "close" }, ok(world) }
  local pool = world:client { endpoint = script.url }
  success(pool:forgot_password { username = "ada" })
  failure({ code = "connection_lost", ambiguous = true, attempts = 1 }, pool:forgot_password { username = "ada" })
  equal(2, #world:received(script))
end)

add("closed by the next request: a read is sent again, and reported", function(world)
  local script = world:script { ok(world), { ending = "close" }, ok(world) }
  local pool = world:client { endpoint = script.url }
  success(pool:admin_get_user { username = "ada" })
  local result, err, meta = pool:admin_get_user { username = "ada" }
  success(result, err)
  equal(2, meta.attempts)
  equal(3, #world:received(script))
end)

-- ---- it sends an unsolicited reply ----

local function asked_for(world, replies)
  local script = world:script { replies, ok(world) }
  local pool = world:client { endpoint = script.url }
  for _ = 1, 3 do
    local result, err, meta = pool:forgot_password { username = "ada" }
    success(result, err)
    equal("r-1", meta.request_id)
    for _ = 1, 1000 do -- until the other side has said all it says
      if world:received(script)[1].answered then break end
    end
  end
end

-- A runtime that took it for the next answer would give every caller the answer of the
-- one before.
add("a second reply in the same breath belongs to no call", function(world)
  asked_for(world, { ok(world) .. world:reply(200, { "x-amzn-RequestId: r-2" }, '{"Wrong":1}') })
end)

add("a second reply a little later belongs to no call", function(world)
  asked_for(world, { ok(world), world:reply(200, { "x-amzn-RequestId: r-2" }, '{"Wrong":1}') })
end)

return cases
