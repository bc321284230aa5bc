--- Clients inside a real nginx, against the local user pool: what they load,
-- what they may be given, and how they try again.

local cjson = require "cjson"
local nginx = require "spec.support.nginx"
local sandbox_process = require "spec.support.sandbox_process"
local servers = require "spec.support.server"

local sandbox, server

setup(function()
  sandbox = sandbox_process.start()
  sandbox:post("/users", { username = "ada", email = "ada@example.com" })
end)

teardown(function() sandbox:stop() end)

after_each(function()
  if server then server:stop() end
  server = nil
end)

-- An nginx with a client of these settings (Lua text) besides the sandbox's.
local function start(settings, more)
  more = more or {}
  server = nginx.start {
    env = more.env, main = more.main,
    http = ([[ init_by_lua_block {
      in_nginx = require "spec.support.in_nginx"
      local settings = %s
      for name, value in pairs { %s } do settings[name] = value end
      pool = require("cognito").new(settings)
    } ]]):format(nginx.settings(sandbox), settings or ""),
    server = [[
      location = /call {
        content_by_lua_block {
          in_nginx.call(pool, ngx.var.arg_operation, { username = ngx.var.arg_username or "ada" })
        }
      }
      location = /describe { content_by_lua_block { ngx.print(in_nginx.told(pool:describe())) } }
      location = /connect { content_by_lua_block { ngx.print(in_nginx.told(pool:connect())) } }
      location = /loaded { content_by_lua_block { ngx.print(in_nginx.loaded()) } }
    ]] .. (more.server or ""),
  }
end

local function call(operation)
  return cjson.decode(server:get("/call?operation=" .. operation))
end

local function assert_delivered(told)
  assert.is_nil(told.err and told.err.message)
  assert.equal("EMAIL", told.result.code_delivery_details.delivery_medium)
end

describe("a worker", function()
  it("has one OpenSSL and no libcurl", function()
    start()
    assert_delivered(call "forgot_password")
    assert.equal("ada", call("admin_get_user").result.username)
    local libraries = {}
    for line in io.lines(("/proc/%d/maps"):format(server:workers()[1])) do
      local path = line:match "%s(/%S*)$"
      if path then libraries[path] = true end
    end
    local found = { crypto = 0, ssl = 0, curl = 0, wire = 0, core = 0 }
    for path in pairs(libraries) do
      local name = path:match "([^/]*)$"
      for what in pairs(found) do
        if name:find("^lib" .. what .. "[.-]") or name == what .. ".so" then found[what] = found[what] + 1 end
      end
    end
    assert.same({ crypto = 1, ssl = 1, curl = 0, wire = 1, core = 0 }, found)
  end)

  it("reads no Lua file for a call: all was loaded with the client", function()
    start "random = function() return 0 end"
    local before = server:get "/loaded"
    assert.truthy(before:find "cognito.wire")
    assert.is_nil(before:find "cognito.core")
    call "forgot_password"
    call "admin_get_user"
    assert.equal("UserNotFoundException", call("admin_get_user&username=nobody").err.code)
    sandbox:post("/misbehave", { what = "throttle" })
    assert.equal(2, call("admin_get_user").meta.attempts)
    server:get "/describe"
    server:get "/connect"
    assert.equal(before, server:get "/loaded")
  end)
end)

describe("a client", function()
  it("waits without holding the worker up, and tries again", function()
    start "random = function() return 0.5 end" -- half a second after a throttle
    sandbox:post("/misbehave", { what = "throttle" })
    local id = assert(server.http:start { method = "GET", url = server:url "/call?operation=admin_get_user" })
    local quick, slow = 0, nil
    while not slow do
      assert.equal(204, server:send("/ready").status)
      quick = quick + 1
      local taken, response = server.http:take()
      slow = taken == id and cjson.decode(response.body) or nil
    end
    assert.equal(2, slow.meta.attempts)
    assert.is_true(slow.meta.elapsed >= 0.5)
    assert.is_true(quick > 10)
  end)

  it("does not send a second message when the answer to the first is lost", function()
    start()
    local before = (sandbox:get("/executions").resend_confirmation_code or { count = 0 }).count
    sandbox:post("/users", { username = "eve", email = "eve@example.com", status = "UNCONFIRMED" })
    sandbox:post("/misbehave", { what = "drop", phase = "after", operation = "resend_confirmation_code" })
    local told = call "resend_confirmation_code&username=eve"
    assert.equal("connection_lost", told.err.code)
    assert.is_true(told.err.ambiguous)
    assert.equal(1, told.meta.attempts)
    assert.equal(before + 1, sandbox:get("/executions").resend_confirmation_code.count)
  end)

  it("repeats what does no harm", function()
    start "random = function() return 0 end"
    sandbox:post("/misbehave", { what = "drop", phase = "after", operation = "admin_get_user" })
    local told = call "admin_get_user"
    assert.equal("ada", told.result.username)
    assert.equal(2, told.meta.attempts)
  end)

  it("asks a function for its secret, and once more after a refusal", function()
    start(([[client_secret = function(refused)
      asked = (asked or 0) + 1
      ngx.sleep(0.001)
      return refused and %q or "stale"
    end]]):format(sandbox.settings.COGNITO_CLIENT_SECRET), {
      server = "location = /asked { content_by_lua_block { ngx.print(asked) } }",
    })
    local told = call "forgot_password"
    assert_delivered(told)
    assert.equal(2, told.meta.attempts)
    assert.equal("2", server:get "/asked")
  end)

  it("opens a connection ahead", function()
    start()
    assert.is_true(cjson.decode(server:get "/connect").result)
  end)

  it("describes its settings", function()
    start("", { env = { AWS_CA_BUNDLE = "/ca.pem", AWS_MAX_ATTEMPTS = "2" } })
    local told = cjson.decode(server:get "/describe").result
    assert.equal(2, told.settings.max_attempts.value)
    assert.equal("AWS_MAX_ATTEMPTS", told.settings.max_attempts.source)
    assert.truthy(told.warnings[1]:find("AWS_CA_BUNDLE counts for nothing inside nginx", 1, true))
    assert.truthy(told.warnings[1]:find("lua_ssl_trusted_certificate", 1, true))
  end)
end)

describe("settings that count for nothing inside nginx are refused:", function()
  for name, value in pairs { ca_file = "/ca.pem", ca_path = "/certs", proxy = "http://127.0.0.1:3128" } do
    it(name, function()
      local ok, message = pcall(start, ("%s = %q"):format(name, value))
      assert.is_false(ok)
      assert.truthy(message:find(("the setting '%s' counts for nothing inside nginx"):format(name), 1, true), message)
      assert.truthy(message:find("init_by_lua", 1, true)) -- whose line is blamed
    end)
  end

  it("but not an empty proxy", function()
    start 'proxy = ""'
    assert_delivered(call "forgot_password&username=grace@example.com")
  end)
end)

describe("a function of the program's that sends", function()
  -- As lua-resty-http answers: headers in their own spelling, lists of repeated
  -- ones, and nil and a text for what went wrong.
  local SEND = [[runtime = function(request, options)
    local sock = ngx.socket.tcp()
    sock:settimeout(options.timeout * 1000)
    local ok, err = sock:connect("127.0.0.1", %s)
    if not ok then return nil, err end
    local lines = { request.method .. " / HTTP/1.0", "Host: " .. request.url:match "://([^/]+)",
      "Content-Length: " .. #request.body }
    for _, header in ipairs(request.headers) do lines[#lines + 1] = header[1] .. ": " .. header[2] end
    sock:send(table.concat(lines, "\r\n") .. "\r\n\r\n" .. request.body)
    local reply = sock:receive "*a"
    local headers = {}
    for name, value in reply:match("^(.-)\r\n\r\n"):gmatch "\n([^:]+): ([^\r]*)" do
      headers[name] = name:lower() == "x-amzn-requestid" and { value, "again" } or value
    end
    sends = (sends or 0) + 1
    return { status = tonumber(reply:match " (%%d+)"), headers = headers, body = reply:match "\r\n\r\n(.*)$" }
  end]]

  it("carries calls", function()
    start(SEND:format(sandbox.port), { server = "location = /sends { content_by_lua_block { ngx.print(sends) } }" })
    assert_delivered(call "forgot_password&username=mary@example.com")
    local told = call "admin_get_user"
    assert.equal("ada", told.result.username)
    assert.truthy(told.meta.request_id:find ", again$")
    assert.equal("2", server:get "/sends")
  end)

  it("whose errors do not say whether bytes were sent makes calls ambiguous", function()
    start(SEND:format(nginx.free_port()))
    local told = call "forgot_password"
    assert.equal("connection_lost", told.err.code)
    assert.is_true(told.err.ambiguous)
    assert.truthy(told.err.message:find("connection refused", 1, true))
  end)
end)

it("the lines of docs/runtimes.md are good", function()
  local file = assert(io.open "docs/runtimes.md")
  local blocks = {}
  for block in file:read("*a"):gmatch "```nginx\n(.-)```" do blocks[#blocks + 1] = block end
  file:close()
  -- With a name server that leads nowhere but to this machine.
  local dns = servers.start_script "spec/support/dns_server.lua"
  server = nginx.start {
    http = blocks[1]:gsub("127.0.0.53", "127.0.0.1:" .. dns.port):gsub("3n4b5urk1ft4fl3mg5e62d9ado\"",
      "%0, max_attempts = 1"),
    server = blocks[2],
  }
  assert.equal("If there is such an account, a code is on its way.\n", server:get "/forgot")
  server:await("the call did not end", function() return server:log():find("forgot_password: ", 1, true) end)
  dns:stop()
end)
