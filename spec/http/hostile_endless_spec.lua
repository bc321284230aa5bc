--- Replies without end: cut off in bounded time and memory.
local hostile = require "spec.support.hostile_scene"

local scene = hostile.scene { describe = describe, before_each = before_each, after_each = after_each }
local CHUNKED, LONG, OK, assert_fault = hostile.CHUNKED, hostile.LONG, hostile.OK, hostile.assert_fault

scene:describe_ways("a reply without end is cut off", function()
  local function endless(name, code, head, rest)
    it(name, function()
      local function script(peer)
        peer:request()
        peer:send(head)
        peer:send_forever(rest:rep(math.ceil(8192 / #rest)))
      end
      assert_fault(code, true, scene:play(script, code == "timeout" and 0.5 or LONG))
      scene:assert_usable()
    end)
  end

  endless("status line", "too_large", "HTTP/1.1 200 ", "O")
  endless("headers", "too_large", OK, "X-A: 1\r\n")
  endless("large headers", "too_large", OK, "X-A: " .. ("x"):rep(8000) .. "\r\n")
  endless("one header", "too_large", OK .. "X-A: ", "x")
  endless("one folded header", "too_large", OK .. "X-A: 1\r\n", " x\r\n")
  endless("body", "too_large", OK .. "\r\n", "x")
  endless("chunks", "too_large", CHUNKED, "1\r\nx\r\n")
  endless("chunk size", "malformed_response", CHUNKED, "0")
  endless("chunk extension", "malformed_response", CHUNKED .. "1;", "x")
  endless("trailers", "too_large", CHUNKED .. "0\r\n", "X-A: 1\r\n")
  endless("one trailer", "too_large", CHUNKED .. "0\r\nX-A: ", "x")
  endless("100 Continue", "too_large", "", "HTTP/1.1 100 Continue\r\n\r\n")
  endless("103 Early Hints", "too_large", "", "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n")
  endless("empty lines", "malformed_response", "", "\r\n")
  endless("noise", "malformed_response", "", "\0\255")
  -- Zeros under gzip, a thousandth of their size: libcurl 7.88 unpacks them.
  endless("bomb", "malformed_response", OK .. "Transfer-Encoding: gzip\r\n\r\n\31\139\8\0\0\0\0\0\0\3\99\24",
    "\5\163\96\20\140\130\81\48\10\70\193\40\24")
end)
