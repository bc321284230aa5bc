-- An http object from its making to its end: one request after another over a
-- kept-alive connection, the second one larger, two at once, and one given up.
local core = require "cognito.core"
local loopback = require "spec.torture.loopback"

local request = {
  method = "POST", url = loopback.endpoint .. "/", body = "{}",
  headers = { { "Content-Type", "application/x-amz-json-1.1" }, { "X-Amz-Target", "Service.Operation" } },
}

local larger = { method = "POST", url = request.url, headers = request.headers, body = ("x"):rep(20000) }

local function check(reply)
  assert(reply.status == 200 and reply.body == "{}" and reply.headers["x-amzn-requestid"] == "r-1", reply.body)
  loopback.count()
end

local function both(http)
  local failure
  local started, err = http:start(request)
  if not started then return err end
  started, err = http:start(request)
  failure = not started and err or nil
  while http:stats().in_flight > 0 do http:step(1) end
  for _ = 1, 2 do
    local id, reply, fault = http:take()
    if reply then check(reply) end
    if fault and fault.sent then loopback.count() end
    failure = failure or id and fault
  end
  return failure
end

local function use(http)
  for _, one in ipairs { request, larger } do
    local reply, err = http:send(one, { timings = true })
    if not reply then return err end
    check(reply)
  end
  local err = both(http)
  if err then return err end
  http:start { method = "GET", url = loopback.endpoint .. "/stats" } -- which is not counted
  http:step(0, 0)
  pcall(http.pollfd, http)
end

return {
  before = loopback.before,
  run = function()
    local http = core.http(loopback.http_options)
    local err = use(http)
    http:close()
    return err
  end,
  judge = function(err)
    if err.code == "timeout" then return "it ended with its time only" end
    return loopback.judge(err, err.sent)
  end,
}
