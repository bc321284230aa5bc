--- Proxies that refuse, break off or lead nowhere.
local core = require "cognito.core"
local hostile = require "spec.support.hostile_scene"
local proc = require "spec.support.proc"

local scene = hostile.scene { describe = describe, before_each = before_each, after_each = after_each }
local LONG, OK, assert_fault, says = hostile.LONG, hostile.OK, hostile.assert_fault, hostile.says

describe("a proxy", function()
  -- Nothing of the request may have left, whatever it does.
  local function proxy(name, code, timeout, script)
    it(name, function()
      scene.server.script = script
      scene.http = core.http { proxy = scene.server:url(), timeout = timeout }
      local memory = proc.memory()
      local request = { method = "POST", url = "https://service.invalid/", headers = {}, body = "{}" }
      assert_fault(code, false, scene.server:exchange(scene.http, request))
      assert.is_true(proc.memory() - memory < proc.margin())
      local before = scene.server.accepted
      assert_fault(code, false, scene.server:exchange(scene.http, request))
      assert.equal(before + 1, scene.server.accepted)
    end)
  end

  local established = "HTTP/1.1 200 Connection established\r\n\r\n"

  proxy("that wants a password", "connect", LONG, says("HTTP/1.1 407 Proxy Authentication Required\r\n"
    .. "Proxy-Authenticate: Basic realm=x\r\nContent-Length: 2\r\n\r\nno", "stall"))
  proxy("that refuses", "connect", LONG, says("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "stall"))
  proxy("that redirects", "connect", LONG, says("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "stall"))
  proxy("that cannot reach the host", "connect", LONG, says("HTTP/1.1 502 Bad Gateway\r\n\r\n", "close"))
  proxy("that closes", "connect", LONG, says("", "close"))
  proxy("that resets", "connect", LONG, says("", "reset"))
  proxy("that stalls", "timeout", 0.3, says("", "stall"))
  proxy("that breaks off", "connect", LONG, says("HTTP/1.1 200 Conn", "close"))
  proxy("that speaks no HTTP", "connect", LONG, says("hello\r\n\r\n", "close"))
  proxy("whose headers do not end", "connect", LONG, function(peer)
    peer:request()
    peer:send(OK)
    peer:send_forever(("X-A: 1\r\n"):rep(1000))
  end)
  proxy("whose tunnel ends at once", "tls", LONG, says(established, "close"))
  proxy("whose tunnel leads to no TLS", "tls", LONG, says(established .. "hello, this is plain text\r\n", "stall"))
end)
