--- Odd replies that are clear nevertheless, and replies that no request asked
-- for.
local hostile = require "spec.support.hostile_scene"

local scene = hostile.scene { describe = describe, before_each = before_each, after_each = after_each }
local CHUNKED, LONG, OK, says = hostile.CHUNKED, hostile.LONG, hostile.OK, hostile.says

scene:describe_ways("odd but clear replies are taken as they are", function()
  local function taken(name, text, check)
    it(name, function()
      local response = assert(scene:play(says(text, "stall"), LONG))
      check(response)
    end)
  end

  local function body_is(expected)
    return function(response) assert.equal(expected, response.body) end
  end

  taken("duplicate headers, joined", OK .. "Content-Type: a\r\nContent-Length: 2\r\ncontent-type: b\r\n\r\n{}",
    function(response) assert.equal("a, b", response.headers["content-type"]) end)
  taken("the same length twice", OK .. "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", body_is "{}")
  taken("chunks, in another spelling", OK .. "TRANSFER-ENCODING: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", body_is "{}")
  taken("a length and chunks", OK .. "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    body_is "{}")
  taken("lines that end without a return", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", body_is "{}")
  taken("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", body_is "{}")
  taken("an unknown status", "HTTP/1.1 599 X\r\nContent-Length: 2\r\n\r\n{}",
    function(response) assert.equal(599, response.status) end)
  taken("a status without a reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", body_is "{}")
  taken("an interim reply before it",
    "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n" .. OK .. "Content-Length: 2\r\n\r\n{}", body_is "{}")
  taken("no body where none may be", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", body_is "")
  -- It looked like a header, for no body had come before it.
  taken("trailers of an empty body", CHUNKED .. "0\r\nX-Late: 1\r\n\r\n",
    function(response) assert.is_nil(response.headers["x-late"]) end)

  it("a body that ends with the connection", function()
    assert.equal("{}", assert(scene:play(says(OK .. "\r\n{}", "close"), LONG)).body)
    scene:assert_usable()
  end)

  it("a refusal before the request is complete", function()
    local function script(peer)
      peer:await(1000)
      peer:send "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\n\r\n{}"
      peer:pause(LONG)
    end
    assert.equal(413, assert(scene:play(script, LONG, scene:post(("x"):rep(4000000)))).status)
    scene:assert_usable()
  end)
end)

scene:describe_ways("an unsolicited reply", function()
  local REPLY = OK .. "Content-Length: 2\r\n\r\n{}"
  local EVIL = OK .. "Content-Length: 4\r\n\r\nevil"

  -- libcurl 7.88 used a connection on which bytes were waiting. What came
  -- unasked was taken for the next request's reply, that one's for the one
  -- after it, and so on.
  local function not_taken(name, script)
    it(name, function()
      assert.equal("{}", assert(scene:play(script, LONG)).body)
      scene:assert_usable()
    end)
  end

  not_taken("is not the next one's reply, together with the first", says(REPLY .. EVIL, "stall"))

  not_taken("is not the next one's reply, after the first", function(peer)
    peer:request()
    peer:send(REPLY)
    peer:pause(0)
    peer:send(EVIL)
    peer:stall()
  end)

  -- As load balancers do with connections that have been idle for long.
  not_taken("is not the next one's reply, followed by the end", function(peer)
    peer:request()
    peer:send(REPLY)
    peer:pause(0)
    peer:send "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    peer:close()
  end)
end)
