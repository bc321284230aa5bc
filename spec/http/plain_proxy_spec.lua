--- Plain http through a proxy: the request is written out with its whole URL,
-- over a connection that libcurl makes and that is kept. Only libcurl knows
-- whether no_proxy keeps a host from the environment's proxy: it is asked.
local child = require "spec.support.child"
local core = require "cognito.core"
local start_server = require("spec.support.server").start

local WRITTEN_OUT = "POST http://service.invalid:81/echo?b=c HTTP/1.1\r\nHost: service.invalid:81\r\n%sX-A: 1\r\n"
  .. "Content-Length: 2\r\n\r\n{}"
local REQUEST = {
  method = "POST", url = "http://service.invalid:81/echo?b=c", headers = { { "X-A", "1" } }, body = "{}",
}

describe("plain http through a proxy", function()
  local proxy -- a server that takes requests written out, too

  setup(function() proxy = start_server "http" end)
  teardown(function() proxy:stop() end)

  it("named in code is written out, over one connection", function()
    local http = core.http { proxy = proxy:url(), allow_http = true }
    for _ = 1, 3 do assert.equal(WRITTEN_OUT:format "", assert(http:send(REQUEST)).body) end
    assert.equal(1, http:stats().connections)
    http:close()
  end)

  it("sends the proxy's user and password, decoded", function()
    local url = proxy:url():gsub("http://", "http://ada:s%%23c:%%40t@")
    local http = core.http { proxy = url, allow_http = true }
    assert.equal(WRITTEN_OUT:format "Proxy-Authorization: Basic YWRhOnMjYzpAdA==\r\n", assert(http:send(REQUEST)).body)
    http:close()
  end)

  it("is lost when the proxy is not there, with nothing sent", function()
    local http = core.http { proxy = "http://127.0.0.1:1", allow_http = true }
    local _, err = http:send(REQUEST)
    assert.equal("connect", err.code)
    assert.is_false(err.sent)
    http:close()
  end)

  -- Each line: what the request line named, and how many connections were opened.
  local ASK = [[
    local core = require "cognito.core"
    local http = core.http { allow_http = true, timeout = 10 }
    for _, url in ipairs { ... } do
      for _ = 1, 2 do
        print((assert(http:send { method = "GET", url = url }).body:match "^%S+ (%S+)"))
      end
    end
    print(http:stats().connections)
  ]]

  local function ask(environment, ...)
    local status, printed = child.run(ASK, environment, ...)
    assert.equal(0, status, printed)
    return printed
  end

  it("of the environment is not asked for this very machine, whatever its name's spelling", function()
    for _, name in ipairs { "localhost", "LocalHost" } do
      local url = proxy:url("/echo"):gsub("127%.0%.0%.1", name)
      assert.equal("/echo\n/echo\n1\n", ask({ http_proxy = "http://127.0.0.1:1" }, url))
    end
    -- Not every system resolves this one; no proxy is asked to.
    local _, printed = child.run([[
      local _, err = require("cognito.core").http({ allow_http = true }):send { method = "GET", url = ... }
      print(err and err.code)
    ]], { http_proxy = "http://127.0.0.1:1" }, (proxy:url("/echo"):gsub("127%.0%.0%.1", "localhost.")))
    assert.is_true(printed == "nil\n" or printed == "dns\n", printed)
  end)

  it("of the environment is written out, unless no_proxy keeps the host from it", function()
    local far, near = "http://service.invalid/echo", proxy:url("/echo"):gsub("127%.0%.0%.1", "0.0.0.0")
    local printed = ("%s\n%s\n/echo\n/echo\n2\n"):format(far, far)
    assert.equal(printed, ask({ http_proxy = proxy:url(), no_proxy = "0.0.0.0" }, far, near))
    assert.equal(printed, ask({ all_proxy = proxy:url(), no_proxy = "0.0.0.0" }, far, near))
  end)
end)
