--- Many calls at once in one worker of a real nginx: who waits for whom, what
-- is left behind, and what a reload does to them.

local cjson = require "cjson"
local core = require "cognito.core"
local lfs = require "lfs"
local nginx = require "spec.support.nginx"
local servers = require "spec.support.server"

local HTTP = [[
  init_by_lua_block {
    in_nginx = require "spec.support.in_nginx"
    runtime = require("cognito.place").runtime {}
  }
  lua_socket_log_errors off;
  keepalive_timeout 0;
]]

local SERVER = [[
  location = /send { content_by_lua_block { in_nginx.send(runtime) } }
  location = /heartbeat { content_by_lua_block { ngx.print "alive" } }
]]

local server, upstream

before_each(function()
  upstream = servers.start "http"
  server = nginx.start { http = HTTP, server = SERVER }
end)

after_each(function()
  server:stop()
  upstream:stop()
end)

local function path(route, query)
  return ("/send?%s&url=%s"):format(query or "", upstream:url(route))
end

local function times(n, what)
  local list = {}
  for i = 1, n do list[i] = what end
  return list
end

local function start_all(paths)
  for _, where in ipairs(paths) do
    assert(server.http:start { method = "GET", url = server:url(where) })
  end
end

-- What so many requests in flight came to: how often which code, or which body.
local function outcomes(many)
  local counts, left = {}, many
  while left > 0 do
    server.http:step(1)
    for _, response, err in server.http.take, server.http do
      local told = cjson.decode(assert(response, err and err.message).body)
      local what = told.err and told.err.code or told.result.body
      counts[what] = (counts[what] or 0) + 1
      left = left - 1
    end
  end
  return counts
end

-- How many requests have come to the upstream.
local function arrived()
  local http = core.http()
  local count = http:send({ method = "GET", url = upstream:url "/stats" }).body:match "%d+$"
  http:close()
  return tonumber(count)
end

-- The longest of many heartbeats.
local function longest_heartbeat()
  local longest = 0
  local http = core.http { timeout = 20 }
  for _ = 1, 40 do
    local begin = core.clock()
    assert.equal("alive", assert(http:send { method = "GET", url = server:url "/heartbeat" }).body)
    longest = math.max(longest, core.clock() - begin)
  end
  http:close()
  return longest
end

it("calls that hang hold up no others", function()
  start_all(times(200, path("/hang", "timeout=5")))
  server:await("the calls did not arrive", function()
    server.http:step(0.01)
    return arrived() >= 200
  end)
  -- Another program may have held this machine up once or twice.
  local longest = longest_heartbeat()
  for _ = 1, 2 do
    if longest > 0.05 then longest = longest_heartbeat() end
  end
  assert.is_true(longest <= 0.05, longest .. " s")
  assert.equal(200, server.http:stats().in_flight)
  assert.same({ timeout = 200 }, outcomes(200))
end)

it("a thousand calls of every outcome leave no descriptor behind", function()
  local before = server:descriptors()
  local refused = ("/send?url=http://127.0.0.1:%d/"):format(nginx.free_port())
  local others = {
    path("/hang", "timeout=0.05"), path("/half", "timeout=0.05"), path "/silent", path "/truncated", path "/bad-chunk",
    path "/big-body", path "/not-http", path("/chunked", "max_idle=0.02"), refused, path("/", "max_idle=0"),
  }
  for _ = 1, 10 do
    local paths = times(50, path("/", "max_idle=0.02"))
    for _, where in ipairs(others) do
      for _ = 1, 5 do paths[#paths + 1] = where end
    end
    start_all(paths)
    assert.same({
      ["{}"] = 55, timeout = 10, connection_lost = 10, malformed_response = 10, too_large = 5, connect = 5,
      ["chunk-ed"] = 5,
    }, outcomes(100))
  end
  server:await("descriptors are left: " .. server:descriptors() .. " of " .. before,
    function() return server:descriptors() <= before end)
end)

describe("a reload", function()
  local function runs(pid)
    local file = io.open("/proc/" .. pid .. "/cmdline")
    local title = file and file:read "*a"
    if file then file:close() end
    return title and title:find "worker" ~= nil
  end

  it("during calls loses none of them, and lets the old worker end", function()
    local old, sent = server:workers()[1], 0
    for _ = 1, 3 do
      start_all(times(20, path "/slow"))
      sent = sent + 20
      server:await("the calls did not arrive", function()
        server.http:step(0.01)
        return arrived() >= sent
      end)
      server:reload()
      start_all(times(20, path "/slow"))
      sent = sent + 20
      assert.same({ slow = 40 }, outcomes(40))
      assert.equal(sent, arrived())
    end
    assert.is_not.equal(old, server:workers()[1])
    server:await("the old worker stays", function() return not runs(old) end)
  end)

  it("lets calls that hang come to their end", function()
    start_all(times(20, path("/hang", "timeout=1")))
    server:await("the calls did not arrive", function()
      server.http:step(0.01)
      return arrived() >= 20
    end)
    local old = server:workers()[1]
    server:reload()
    assert.is_not_nil(lfs.attributes("/proc/" .. old))
    assert.same({ timeout = 20 }, outcomes(20))
  end)
end)
