--- Many calls: each ends once with what is its own, and leaves nothing behind.
local cjson = require "cjson"
local clock = require "cognito.clock"
local expect = require "spec.support.expect"

local equal, success, failure = expect.equal, expect.success, expect.failure

local CALLS = 60

local BODY = '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL"}}'

local cases = {}

-- Carries a function out for 1 to n, side by side where that can be.
local function for_each(world, n, fn)
  local fns, ended = {}, {}
  for i = 1, n do
    fns[i] = function()
      fn(i)
      ended[i] = (ended[i] or 0) + 1
    end
  end
  world:together(fns)
  for i = 1, n do
    equal(1, ended[i], "how often call " .. i .. " ended")
  end
end

cases[#cases + 1] = { "each call has its own answer", function(world)
  local pool, users = world:client(), {}
  for i = 1, CALLS do users[i] = world:user() end
  for_each(world, CALLS, function(i)
    equal(users[i], success(pool:admin_get_user { username = users[i] }).username)
  end)
end }

-- A call reported as done was done once; as failed: not at all; as ambiguous:
-- at most once.
local function check_told(result, err, executions)
  if result then
    equal(1, executions, "succeeded")
  elseif err.ambiguous then
    assert(executions <= 1, "ambiguous, and carried out twice")
  else
    equal(0, executions, "failed: " .. tostring(err))
  end
end

cases[#cases + 1] = { "each call ends once, whatever happens", function(world)
  local pool, users, told = world:client(), {}, {}
  for i = 1, CALLS do users[i] = world:user() end
  local faults = {
    { what = "throttle" }, { what = "status_500" }, { what = "drop" }, { what = "drop", phase = "after" },
    { what = "malformed", phase = "after" }, { what = "hang_up" }, { what = "reset", phase = "after" },
    { what = "rate_exceeded" },
  }
  for i = 1, CALLS / 2 do
    local fault = faults[i % #faults + 1]
    fault.operation = "forgot_password"
    world.pool:misbehave(fault)
  end
  for_each(world, CALLS, function(i)
    local result, err = pool:forgot_password { username = users[i] }
    told[i] = { result, err }
  end)
  equal(0, world.pool:behave(), "ordered, and did not happen")
  local ambiguous = 0
  for i = 1, CALLS do
    local result, err = told[i][1], told[i][2]
    check_told(result, err, world.pool:executions("forgot_password", users[i]))
    ambiguous = ambiguous + (err and err.ambiguous and 1 or 0)
  end
  assert(ambiguous > 0, "no call was ambiguous")
end }

-- None of them is answered before all are there.
cases[#cases + 1] = { "all are in flight at the same time", { "concurrency" }, function(world)
  local n, name = 40, world:name()
  local script = world:script({ { world:reply(200, {}, BODY), awaits = { name, n } } }, nil, name)
  local pool = world:client { endpoint = script.url, attempt_timeout = 20 }
  for_each(world, n, function() success(pool:forgot_password { username = "ada" }) end)
  equal(n, #world:received(script))
end }

-- The slow one is answered when all others have been.
cases[#cases + 1] = { "a slow answer keeps no other call waiting", { "concurrency" }, function(world)
  local n, quick, slow_ended = 30, world:script { world:reply(200, {}, BODY) }, false
  local slow = world:script { { world:reply(200, {}, BODY), awaits = { quick.name, n } } }
  local pool = world:client { attempt_timeout = 20 }
  for_each(world, n + 1, function(i)
    if i == n / 2 then -- whatever the order in which they begin
      success(pool:with({ endpoint = slow.url }):forgot_password { username = "ada" })
      slow_ended = true
    else
      success(pool:with({ endpoint = quick.url }):forgot_password { username = "ada" })
    end
  end)
  assert(slow_ended)
end }

-- ---- the clock ----

-- Calls in flight when the first one is refused have wrong dates, too: the
-- client's clock may be corrected before their refusals arrive.
-- Not at the very limit of 300 s: a slow machine takes seconds to send.
for _, seconds in ipairs { 1200, -1200, 330, -330 } do
  cases[#cases + 1] = { ("a clock that is off by %d s fails no call in flight"):format(seconds), function(world)
    local pool, user, failed = world:client(), world:user(), {}
    world.pool:misbehave { operation = "admin_get_user", what = "skew", seconds = seconds, times = 1000 }
    for_each(world, CALLS, function()
      local result, err = pool:admin_get_user { username = user }
      if not result then failed[#failed + 1] = tostring(err) end
    end)
    world.pool:behave()
    equal(0, #failed, failed[1])
    assert(math.abs(pool:describe().clock_offset - seconds) < 60, "the offset is not what the Date says")
  end }
end

-- ---- credentials ----

-- A container's answer, bit by bit, so that all calls that want it have asked
-- meanwhile.
local function told(key_id, seconds)
  local document = cjson.encode {
    AccessKeyId = key_id, SecretAccessKey = "made-up", Token = "made-up",
    Expiration = clock.format_rfc3339(os.time() + seconds),
  }
  return { "HTTP/1.1 200 OK\r\n", "Content-Length: " .. #document .. "\r\n", "\r\n", document }
end

local function last_key(world, service)
  local requests = world:received(service)
  return requests[#requests].bytes:match "Credential=(%u+)/"
end

-- The first ones are so near their end that the next call wants others;
-- while they are fetched, the old ones may still serve.
cases[#cases + 1] = { "credentials are fetched once for all, and renewed once", { "sockets" }, function(world)
  local container = world:script { told("AKIAFIRST", 9), told("AKIASECOND", 3600) }
  local variables = { AWS_CONTAINER_CREDENTIALS_FULL_URI = container.url, AWS_EC2_METADATA_DISABLED = "true" }
  local service = world:script { world:reply(200, {}, "{}") }
  local settings = world:settings { endpoint = service.url, env = function(name) return variables[name] end }
  settings.credentials = nil
  local pool = world.cognito.new(settings)
  local function call()
    success(pool:admin_get_user { username = "ada" })
  end
  call()
  equal("AKIAFIRST", last_key(world, service))
  equal(1, #world:received(container), "fetched")
  for_each(world, CALLS, call)
  local begun = world.runtime:clock()
  repeat
    call()
    assert(world.runtime:clock() - begun < 5, "the new ones are not used")
  until last_key(world, service) == "AKIASECOND"
  for_each(world, CALLS, call)
  equal("AKIASECOND", last_key(world, service))
  equal(2, #world:received(container), "fetched and renewed")
end }

-- ---- tokens of the client ----

cases[#cases + 1] = { "a token is fetched once for all, and its failure kept for none", function(world)
  local tokens, seen = world.cognito.client_tokens(world:client()), {}
  local before = world.pool:executions "get_client_token"
  world.pool:misbehave { operation = "get_client_token", what = "error", code = "AccessDeniedException" }
  failure({ code = "AccessDeniedException" }, tokens:get())
  for_each(world, CALLS, function(i) seen[i] = success(tokens:get()).access_token end)
  for i = 1, CALLS do equal(seen[1], seen[i]) end
  equal(1, world.pool:executions "get_client_token" - before)
  local refused = success(tokens:get())
  for_each(world, CALLS, function(i) seen[i] = success(tokens:refresh(refused)).access_token end)
  for i = 1, CALLS do equal(seen[1], seen[i]) end
  assert(seen[1] ~= refused.access_token)
  equal(2, world.pool:executions "get_client_token" - before)
end }

cases[#cases + 1] = { "a token outlives the task that asked for it", { "cancellation" }, function(world)
  local body = '{"ClientAuthenticationResult":{"AccessToken":"t","ExpiresIn":3600,"TokenType":"Bearer"}}'
  local name = world:name()
  local script = world:script({ { ending = "hang" }, world:reply(200, {}, body) }, nil, name)
  local tokens = world.cognito.client_tokens(world:client { endpoint = script.url, attempt_timeout = 1 })
  local _, err = world:cancel(function() return tokens:get() end, function() return #world:received(script) == 1 end)
  equal("aborted", err.code)
  local token
  repeat token, err = tokens:get() until token or err.code ~= "timeout"
  equal("t", success(token, err).access_token)
end }

-- ---- what stays behind ----

local function misfortunes(world, pool)
  local user = world:user()
  for _, fault in ipairs {
    { what = "drop" }, { what = "drop", phase = "after", cut = "body" }, { what = "malformed" },
    { what = "oversized" }, { what = "reset" }, { what = "hang_up" },
  } do
    fault.operation = "admin_get_user"
    world.pool:misbehave(fault)
    pool:admin_get_user { username = user }
  end
  pool:with({ endpoint = world:refusing() }):admin_get_user { username = user }
  world.pool:misbehave { operation = "admin_get_user", what = "stall" }
  pool:admin_get_user({ username = user }, { attempt_timeout = 0.02, max_attempts = 1 })
  for_each(world, 20, function() success(pool:admin_get_user { username = user }) end)
end

cases[#cases + 1] = { "no descriptor is left open", { "sockets" }, function(world)
  local pool = world:client()
  misfortunes(world, pool)
  local before = world:descriptors()
  for _ = 1, 3 do misfortunes(world, pool) end
  local now, waited = world:descriptors(), 0
  while now > before and waited < 5 do -- until the other side's farewells are there
    world.runtime:sleep(0.05)
    waited, now = waited + 0.05, world:descriptors()
  end
  assert(now <= before, ("%d descriptors before, %d after"):format(before, now))
end }

-- ---- cancelling ----

cases[#cases + 1] = { "a call that is cancelled after it was sent", { "cancellation" }, function(world)
  local script = world:script { { ending = "hang" }, world:reply(200, {}, BODY) }
  local pool = world:client { endpoint = script.url }
  local user, err, meta
  local function call()
    user, err, meta = pool:forgot_password { username = "ada" }
    return user, err, meta
  end
  world:cancel(call, function() return #world:received(script) == 1 end)
  failure({ code = "aborted", kind = "network", ambiguous = true, retryable = false, attempts = 1 }, user, err, meta)
  success(pool:forgot_password { username = "ada" })
  equal(2, #world:received(script))
end }

cases[#cases + 1] = { "a call that is cancelled harms no other", { "cancellation" }, function(world)
  local hanging, user = world:script { { ending = "hang" } }, world:user()
  local pool, n = world:client(), 0
  for_each(world, 2, function(i)
    if i == 1 then
      world:cancel(function() return pool:with({ endpoint = hanging.url }):forgot_password { username = "ada" } end,
        function() return n > 3 and #world:received(hanging) == 1 end)
    else
      for _ = 1, 20 do
        equal(user, success(pool:admin_get_user { username = user }).username)
        n = n + 1
      end
    end
  end)
end }

return cases
