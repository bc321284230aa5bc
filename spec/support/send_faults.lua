--- The faults in the matrix of sends, and the client's expected reaction to
-- them.
--
-- A row: `name`; `outcome` of the first attempt, as docs/design.md names it
-- ("unsent", "throttled", "unknown", "answered"; "open" where it is a race of
-- the two sides whether a byte leaves; "none" where nothing is lost);
-- `carried`, how often the first attempt is carried out; `code` of the error.
-- Made to happen by `orders` to the sandbox, by a `detour` of the first
-- attempt (send_place.lua), or by `idle`, what happened to the kept-alive
-- connection before. `waits`: the first attempt times out. `bytes`: how large
-- the request is. `second`: the code that the second attempt is answered with.
-- `only` tells an operation for which the row makes sense, `connection` the
-- only one, and `plain` that it needs no retry_ambiguous; `typical`, that it is
-- one of those that wait where some have to do.
local M = { list = {} }

local function add(name, outcome, carried, row)
  row.name, row.outcome, row.carried = name, outcome, carried
  M.list[#M.list + 1] = row
end

local function order(fault)
  return { fault }
end

-- ---- nothing leaves the machine ----

add("connection refused", "unsent", 0, { detour = "refused", code = "connect" })
add("unknown host", "unsent", 0, { detour = "unknown", code = "dns" })
add("the TLS handshake is cut off", "unsent", 0, {
  detour = "https", orders = order { what = "drop", phase = "first_byte" }, code = "tls",
})
add("no TLS at the other end", "unsent", 0, {
  detour = "https", orders = order { what = "status_503", phase = "first_byte" }, code = "tls",
})
add("proxy refuses the connection", "unsent", 0, { detour = "proxy", code = "connect" })
add("connecting takes too long", "unsent", 0, {
  detour = "full", code = "timeout", waits = true, typical = true,
})
add("the TLS handshake takes too long", "unsent", 0, {
  detour = "mute", code = "timeout", waits = true, typical = true,
})

-- ---- the kept-alive connection died while idle ----

add("closed while idle", "none", 1, { connection = "reused", idle = { what = "hang_up" } })
add("reset while idle", "none", 1, { connection = "reused", idle = { what = "reset", phase = "after", cut = 1e6 } })

-- ---- the request is on its way ----

local endings = {
  { "closed", "drop", "connection_lost" },
  { "reset", "reset", "connection_lost" },
  { "silent", "stall", "timeout" },
  { "503", "status_503" }, -- or lost, when the reset that follows is faster
}

local stages = { connect = "when it is accepted", first_byte = "at the first byte", head = "after the request's head" }

for _, phase in ipairs { "connect", "first_byte", "head" } do
  for _, ending in ipairs(endings) do
    local waits = ending[2] == "stall" or nil
    add(ending[1] .. " " .. stages[phase], phase == "connect" and not waits and "open" or "unknown", 0, {
      orders = order { what = ending[2], phase = phase }, connection = phase == "connect" and "fresh" or nil,
      code = phase ~= "connect" and ending[3] or nil, waits = waits,
    })
  end
end

add("throttled after the request's head", "throttled", 0, { orders = order { what = "throttle", phase = "head" } })

local function has_metadata(operation)
  return operation.metadata
end

-- More than libcurl hands over at once; then more than the system takes in
-- (and more than the sandbox would read a second time).
for _, size in ipairs { { "large", 2e5 }, { "huge", 3.5e6 } } do
  for _, ending in ipairs { endings[1], endings[2], endings[3] } do
    add(("%s in the middle of a %s request"):format(ending[1], size[1]), "unknown", 0, {
      orders = order { what = ending[2], phase = "head" }, waits = ending[2] == "stall" or nil,
      bytes = size[2], only = has_metadata, plain = size[2] > 1e6 or nil,
    })
  end
end

-- ---- the request is there: before and after carrying it out ----

for i, phase in ipairs { "before", "after" } do
  local carried = i - 1
  local when = phase .. " carrying out"
  local function late(name, what, code, more)
    local row = more or {}
    row.orders = order { what = what, phase = phase, seconds = row.seconds, bytes = row.size }
    row.code = code
    add(name .. " " .. when, "unknown", carried, row)
  end
  late("closed", "drop", "connection_lost")
  late("reset", "reset", "connection_lost")
  late("silent", "stall", "timeout", { waits = true, typical = carried == 1 })
  late("late", "delay", "timeout", { waits = true, seconds = 5 })
  late("500", "status_500", "InternalErrorException")
  late("502", "status_502", "http_502")
  late("503", "status_503", "http_503")
  late("504", "status_504", "http_504")
  late("408", "status_408", "http_408")
  late("524", "status_524", "http_524")
  late("half a document", "malformed", "malformed_response")
  late("oversized", "oversized", "too_large", { size = 1200000 })
end

-- ---- the reply is on its way ----

for _, place in ipairs { { "status line", 7 }, { "headers", "headers" }, { "body", "body" } } do
  for _, ending in ipairs { endings[1], endings[2], endings[3] } do
    add(("%s in the reply's %s"):format(ending[1], place[1]), "unknown", 1, {
      orders = order { what = ending[2], phase = "after", cut = place[2] },
      waits = ending[2] == "stall" or nil, code = ending[2] == "stall" and "timeout" or nil,
      typical = place[2] == "body",
    })
  end
end

add("one byte of the reply at a time", "unknown", 1, {
  orders = order { what = "trickle", seconds = 0.02 }, code = "timeout", waits = true, typical = true,
})

-- ---- the service answers ----

local function answer(name, outcome, fault, more)
  local row = more or {}
  row.orders, row.code = order(fault), fault.code
  add(name, outcome, 0, row)
end

answer("throttled", "throttled", { what = "throttle" })
answer("throttled without a type", "throttled", { what = "rate_exceeded" })
answer("throttled with a 503", "throttled", { what = "error", code = "TooManyRequestsException", status = 503 })
answer("limit exceeded", "answered", { what = "error", code = "LimitExceededException" })
answer("refused by a trigger", "answered", { what = "error", code = "UserLambdaValidationException" })

add("the service's clock is off", "throttled", 0, { -- once more with fresh input, whatever the class
  orders = order { what = "skew", seconds = 3600, times = 2 }, only = function(operation) return operation.signed end,
})

-- ---- and then it goes wrong again ----

local function then_limited(name, outcome, carried, fault)
  add(name .. ", then limit exceeded", outcome, carried, {
    orders = { fault, { what = "error", code = "LimitExceededException" } }, second = "LimitExceededException",
  })
end

then_limited("closed before carrying out", "unknown", 0, { what = "drop" })
then_limited("closed after carrying out", "unknown", 1, { what = "drop", phase = "after" })
then_limited("throttled", "throttled", 0, { what = "throttle" })

return M
