--- Connections that the server closed while they were idle. From libcurl 8.22
-- on such a one is used when libcurl looked at it less than a second ago; after
-- six of them the exchange failed, though no byte of it had left: of twenty
-- sends after sixty such connections eleven failed. Here every libcurl is made
-- not to look (spec/c/trusting.c).
local certificates = require("spec.support.certificates").get()
local child = require "spec.support.child"
local start_server = require("spec.support.server").start

-- Each child begins with these lines: sixty connections of `http` are idle, and the
-- server has ended all of them. `ask` makes a request, `tell` asks the server
-- over a connection of its own, `finish` steps until nothing is in flight and
-- calls `between` after each step.
local BEGINNING = [[
  local core = require "cognito.core"
  local base, ca, how, limit = ...
  limit = tonumber(limit)
  local options = { timeout = 60, connect_timeout = 60, ca_file = ca ~= "" and ca or nil, new_connections = limit }
  local http = core.http(options)
  local function ask(path) return { method = "POST", url = base .. path, body = "{}" } end
  local function tell(path)
    local other = core.http { timeout = 60, connect_timeout = 60, ca_file = options.ca_file }
    local body = assert(other:send { method = "GET", url = base .. path }).body
    other:close()
    return body
  end
  local function finish(check, between, budget)
    while http:stats().in_flight > 0 do
      http:step(budget and 0 or 5, budget)
      for _, response, err in http.take, http do check(response, err) end
      between()
    end
  end
  local function nothing() end
  for _ = 1, 60 do assert(http:start(ask "/one-of-sixty")) end
  finish(function(response) assert(response.body == "one") end, nothing)
  assert(http:stats().connections == 60)
  assert(tell(how) == "closed")
]]

local function specify(scheme, ...)
  local arguments = { n = select("#", ...), ... }
  local server

  local function run(code, limit, unseen)
    local status, printed = child.run(BEGINNING .. code,
      { LD_PRELOAD = child.preloading(child.library "spec.c.trusting"), UNSEEN = unseen },
      ("%s://127.0.0.1:%d"):format(scheme, server.port), scheme == "https" and certificates.ca or "",
      unseen and "/reset-sixty" or "/close-sixty", limit)
    assert.equal(0, status, printed)
    return printed
  end

  describe("after sixty connections that the server closed, over " .. scheme .. ",", function()
    before_each(function()
      server = start_server(arguments[1], arguments[2], arguments[3])
    end)
    after_each(function() server:stop() end)

    it("no send fails, none is repeated, and one new connection is enough", function()
      assert.equal("61 81\n", run [[
        for _ = 1, 20 do
          local response, err = http:send(ask "/")
          assert(response, err and err.message)
        end
        print(http:stats().connections .. " " .. tell "/stats":match "%d+$")
      ]])
    end)

    -- LuaSec's sockets cannot be reset.
    local it_over_http = scheme == "http" and it or function() end
    it_over_http("and resets that only the send meets, no send fails, and none is repeated", function()
      assert.equal("81\n", run([[
        for _ = 1, 20 do
          local response, err = http:send(ask "/")
          assert(response, err and err.message)
        end
        print((tell "/stats":match "%d+$"))
      ]], nil, 1))
    end)

    for _, limit in ipairs { 0, 1, 3 } do
      local words = limit == 0 and "" or (", with new_connections = %d"):format(limit)
      it("many at once all come through" .. words, function()
        assert.equal("20 81\n", run([[
          for _ = 1, 20 do assert(http:start(ask "/")) end
          local good = 0
          local function accepted() return tonumber(tell "/stats":match "%d+") end
          local before = accepted()
          finish(function(response, err)
            assert(response, err and err.message)
            good = good + 1
          end, function()
            local now = limit and accepted() or before
            assert(not limit or now - 1 - before <= limit, "more connections than a step may begin")
            before = now
          end)
          print(good .. " " .. tell "/stats":match "%d+$")
        ]], limit > 0 and limit or nil))
      end)
    end

    it("many at once all come through, in steps without time", function()
      assert.equal("20 81\n", run [[
        for _ = 1, 20 do assert(http:start(ask "/")) end
        local good = 0
        finish(function(response, err)
          assert(response, err and err.message)
          good = good + 1
        end, nothing, 0)
        print(good .. " " .. tell "/stats":match "%d+$")
      ]])
    end)

    it("a reply that is lost is not asked for again", function()
      assert.equal("connection_lost true 62\n", run [[
        local _, err = http:send(ask "/silent")
        print(err.code, err.sent, tell "/stats":match "%d+$")
      ]]:gsub("\t", " "))
    end)

    it("an exchange that begins again can be cancelled, with nothing sent", function()
      assert.equal("aborted false 61\n", run([[
        local ids = {}
        for i = 1, 3 do ids[i] = assert(http:start(ask "/")) end
        for i = 1, 3 do assert(http:cancel(ids[i])) end
        finish(nothing, nothing)
        local _, _, err = http:take()
        print(err.code, err.sent, tell "/stats":match "%d+$")
      ]], 1):gsub("\t", " "))
    end)
  end)
end

specify("http", "http")
specify("https", "https", certificates.good[1], certificates.good[2])
