-- Several Lua states on threads of their own share nothing but the process.
-- In an interpreter of their own, so that the first use is at once, too.
--
-- `make sanitize-threads` has that interpreter load a core built with TSan;
-- the shells on the way to it cannot bear TSan's runtime.

local certificates = require("spec.support.certificates").get()
local child = require "spec.support.child"
local start_server = require("spec.support.server").start

local plain, secure

setup(function()
  plain = start_server "http"
  secure = start_server("https", certificates.good[1], certificates.good[2])
end)

teardown(function()
  secure:stop()
  plain:stop()
end)

local environment = {
  LD_PRELOAD = os.getenv "THREADS_PRELOAD",
  LUA_CPATH = os.getenv "THREADS_CPATH",
}

local function run(threads, code)
  return child.run(("local results = require('spec.c.threads').run(%d, [==[%s]==], table.concat(arg, ' '))\n%s")
    :format(threads, code, "print(table.concat(results, ' '))"), environment,
    plain:url(), "https://127.0.0.1:" .. secure.port .. "/", certificates.ca)
end

describe("eight threads with a Lua state each", function()
  it("call at once, over plain text and TLS", function()
    local status, printed = run(8, [[
      local plain, tls, ca_file = (...):match "(%S+) (%S+) (%S+)"
      local http = require("cognito.core").http { ca_file = ca_file }
      local n = 0
      for i = 1, 50 do
        local url = i % 2 == 0 and plain or tls
        if assert(http:send { method = "POST", url = url, body = "{}" }).status == 200 then n = n + 1 end
      end
      for i = 1, 10 do assert(http:start { method = "GET", url = i % 2 == 0 and plain or tls }) end
      while http:stats().in_flight > 0 do
        http:step(5)
        for _, response in http.take, http do n = n + response.status / 200 end
      end
      return ("%d"):format(n)
    ]])
    assert.equal(("60 "):rep(7) .. "60\n", printed)
    assert.equal(0, status)
  end)

  it("sign, hash, build and parse at once", function()
    local status, printed = run(8, [[
      local core = require "cognito.core"
      local context = { region = "eu-west-1", client_id = "client", client_secret = "secret", time = 1795247391,
        user_pool_id = "eu-west-1_Ab12Cd34E",
        credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI" } }
      local seen = {}
      for i = 1, 500 do
        local request = assert(core.build("admin_reset_user_password", { username = "ada" }, context))
        for _, header in ipairs(request.headers) do
          if header[1] == "Authorization" then seen[header[2]:match "%x+$"] = true end
        end
        seen[core.secret_hash("ada", "client", "secret")] = true
        seen[core.parse("forgot_password", { status = 200, headers = {},
          body = '{"CodeDeliveryDetails":{"Destination":"a***"}}' }).code_delivery_details.destination] = true
      end
      local names = {}
      for name in pairs(seen) do names[#names + 1] = name end
      table.sort(names)
      return table.concat(names, ",")
    ]])
    local first = printed:match "^(%S+)"
    assert.equal(2, select(2, first:gsub(",", "")))
    assert.equal((first .. " "):rep(7) .. first .. "\n", printed)
    assert.equal(0, status)
  end)

  it("come and go", function()
    local status, printed = run(8, [[
      local plain = (...):match "%S+"
      for _ = 1, 20 do
        local http = require("cognito.core").http()
        http:start { method = "GET", url = plain .. "hang" }
        assert(http:send { method = "GET", url = plain })
      end
      return "gone"
    ]])
    assert.equal(("gone "):rep(7) .. "gone\n", printed)
    assert.equal(0, status)
  end)
end)
