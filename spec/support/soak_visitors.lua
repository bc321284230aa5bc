-- For wrk: visitors of the recovery site, each from an address and with a name of its own.
--
--     wrk … -s soak_visitors.lua URL -- ORIGIN COOKIE TOKEN FIRST close|keep
--
-- FIRST is the number of the first name. With `close` each page has a connection of its own,
-- so that none is lost to a server that closes an idle one. Prints the pages, and the errors
-- of connections, at the end.

-- luacheck: ignore 111 112 113 121 122
local threads = 0

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

local origin, cookie, token, number, headers

function init(arguments)
  origin, cookie, token = arguments[1], arguments[2], arguments[3]
  number = tonumber(arguments[4]) + place * 1000000
  math.randomseed(number + 1)
  headers = { Cookie = cookie, Origin = origin, ["Content-Type"] = "application/x-www-form-urlencoded" }
  headers.Connection = arguments[5]:find "close" and "close" or nil
end

local looks = { "/", "/", "/code", "/sign-up", "/sign-up/code", "/done", "/static/site.css", "/static/tick.svg" }
local asks = { "/", "/sign-up" }

local function form(path, more)
  number = number + 1
  local body = ("token=%s&username=soak-%010d%s"):format(token, number, more)
  return wrk.format("POST", path, headers, body)
end

function request()
  headers["X-Forwarded-For"] = ("10.%d.%d.%d"):format(math.random(0, 255), math.random(0, 255), math.random(1, 254))
  local chance = math.random(10)
  if chance <= 6 then
    return wrk.format("GET", looks[math.random(#looks)], headers)
  elseif chance <= 9 then
    return form(asks[math.random(#asks)], "")
  end
  return form("/code", "&code=135790&password=Difference-Engine-1822")
end

function delay() return math.random(0, 100) end

function done(summary)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  print(("done: %d pages, %d lost"):format(summary.requests, lost))
end
