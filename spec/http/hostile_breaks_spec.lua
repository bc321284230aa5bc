--- Servers that break off, stall or crawl, at every stage of an exchange: the
-- right code, in bounded time and memory, and the connection is not used again.
local core = require "cognito.core"
local hostile = require "spec.support.hostile_scene"

local scene = hostile.scene { describe = describe, before_each = before_each, after_each = after_each }
local CHUNKED, OK, LONG, SHORT = hostile.CHUNKED, hostile.OK, hostile.LONG, hostile.SHORT
local assert_fault = hostile.assert_fault

scene:describe_ways("a server that breaks off", function()
  local big = ("x"):rep(4000000) -- more than the sockets hold

  local stages = {
    { "having accepted", function(peer) peer:pause(0.01) end },
    { "within the request", function(peer) peer:await(100000) end, big },
    { "after the request", function(peer) peer:request() end },
    { "after an interim reply", "HTTP/1.1 100 Continue\r\n\r\n" },
    { "within an interim reply", "HTTP/1.1 100 Continue\r\nX-A: 1" },
    { "within the status line", "HTTP/1.1 2" },
    { "after the status line", OK },
    { "within the headers", OK .. "Content-Le" },
    { "after a header", OK .. "Content-Length: 9\r\n" },
    { "before the body", OK .. "Content-Length: 9\r\n\r\n" },
    { "within the body", OK .. "Content-Length: 9\r\n\r\n{}" },
    { "within a chunk's size", CHUNKED .. "1" },
    { "within a chunk", CHUNKED .. "9\r\n{}" },
    { "between chunks", CHUNKED .. "2\r\n{}\r\n" },
    { "before the trailers' end", CHUNKED .. "2\r\n{}\r\n0\r\nX-A: 1\r\n" },
  }

  local function reach(peer, stage)
    if type(stage) == "function" then return stage(peer) end
    peer:request()
    peer:send(stage)
  end

  local function ends(ending)
    for _, row in ipairs(stages) do
      local name, stage, body = row[1], row[2], row[3]
      it(("with a %s, %s"):format(ending, name), function()
        local function script(peer)
          reach(peer, stage)
          peer[ending](peer)
        end
        assert_fault("connection_lost", true, scene:play(script, LONG, scene:post(body)))
        scene:assert_usable()
      end)
    end
  end

  ends "close"
  ends "reset"

  local crawling = {
    { "status line", "HTTP/1.1 200 ", "O" },
    { "headers", OK, "X-A: 1\r\n" },
    { "body", OK .. "Content-Length: 99999\r\n\r\n", "x" },
    { "chunks", CHUNKED, "1\r\nx\r\n" },
    { "interim replies", "", "HTTP/1.1 102 Processing\r\n\r\n" },
  }

  -- Only time ends these, so they run at once.
  local function scripts()
    local all = {}
    for i, row in ipairs(stages) do
      all[i] = { body = row[3], play = function(peer)
        reach(peer, row[2])
        peer:stall()
      end }
    end
    for _, row in ipairs(crawling) do
      all[#all + 1] = { play = function(peer)
        reach(peer, row[2])
        peer:trickle(row[3]:rep(1000))
      end }
    end
    return all
  end

  -- A connection each: all are begun in one step.
  local function start_all(all, script_of, options)
    local n = 0
    scene.server.script = function(peer)
      n = n + 1
      script_of(all[n])(peer)
    end
    for _, each in ipairs(all) do assert(scene.http:start(scene:post(each.body), options)) end
  end

  local function take_all(check)
    local taken = 0
    scene.server:play(scene.http, function()
      for _, response, err in scene.http.take, scene.http do
        check(response, err)
        taken = taken + 1
      end
      return scene.http:stats().in_flight == 0 or nil
    end)
    return taken
  end

  local function begin_ways(all)
    if scene.way.is_first then return end
    start_all(all, function(each)
      return scene.way.kept and hostile.first_of_two(each.play) or hostile.first_and_last
    end, { timeout = LONG })
    assert.equal(#all, take_all(function(response, err) assert.equal("first", assert(response, err).body) end))
  end

  it("or stalls or crawls at any of these points is left in time", function()
    scene.http = core.http { timeout = SHORT }
    local all = scripts()
    begin_ways(all)
    local connections = scene.way.renewed and 2 * #all or #all
    start_all(all, function(each) return each.play end)
    assert.equal(#all, take_all(function(response, err) assert_fault("timeout", true, response, err) end))
    assert.equal(connections, scene.server.accepted)
    scene:assert_usable()
  end)
end)
