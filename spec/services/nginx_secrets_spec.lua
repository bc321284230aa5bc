--- Secrets of calls inside a real nginx: its error log, at level info, holds none,
-- whatever becomes of the calls, and although the program logs every error.

local certificates = require("spec.support.certificates").get()
local nginx = require "spec.support.nginx"
local planted = require "spec.support.planted"
local sandbox_process = require "spec.support.sandbox_process"
local scripted = require "spec.support.scripted"
local servers = require "spec.support.server"

local sandbox, replies, untrusted, server

setup(function()
  sandbox = sandbox_process.start("--code 135790 --client-secret " .. planted.secret "client.secret")
  sandbox:post("/users", { username = "ada", email = "ada@example.com" })
  replies = servers.start "http"
  untrusted = servers.start("https", certificates.good[1], certificates.good[2])
end)

teardown(function()
  if server then server:stop() end
  replies:stop()
  untrusted:stop()
  sandbox:stop()
end)

-- Ends of calls, by the endpoint that brings them about.
local function endpoints()
  local token = planted.secret "reply"
  local function answers(name, text)
    return replies:url(scripted.path("secrets-" .. name, { text }))
  end
  return {
    ["a refusal"] = sandbox.settings.url,
    ["no server"] = "http://127.0.0.1:1",
    ["a certificate that is not trusted"] = "https://127.0.0.1:" .. untrusted.port,
    ["no JSON"] = answers("json", ('HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n{"A":"%s'):format(#token + 6, token)),
    ["no HTTP"] = answers("http", ("HTTP/1.1 200 OK\r\nA: %s\r\nContent-Length: x%s\r\n\r\n"):format(token, token)),
    ["an end in the middle"] = answers("cut", { "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" .. token,
      ending = "close" }),
  }
end

local function source(values)
  local parts = {}
  for name, value in pairs(values) do parts[#parts + 1] = ("[%q] = %q"):format(name, value) end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

describe("nginx's error log", function()
  it("holds no secret of a call, however it ends", function()
    local ends = endpoints()
    server = nginx.start {
      http = ([[ init_by_lua_block {
        local cognito = require "cognito"
        pools = {}
        for name, endpoint in pairs(%s) do
          local settings = %s
          settings.endpoint, settings.max_attempts = endpoint, 1
          settings.credentials.session_token = %q
          settings.on_attempt = function(record)
            for field, value in pairs(record) do ngx.log(ngx.WARN, "attempt: ", field, "=", tostring(value)) end
          end
          pools[name] = cognito.new(settings)
        end
      } ]]):format(source(ends), nginx.settings(sandbox), planted.secret "session.token"),
      server = ([[ location = /call { content_by_lua_block {
        local pool = pools[ngx.unescape_uri(ngx.var.arg_name)]
        for operation, params in pairs {
          confirm_forgot_password = { username = "ada", confirmation_code = %q, password = %q },
          admin_set_user_password = { username = "ada", password = %q },
          change_password = { previous_password = %q, proposed_password = %q .. "\0", access_token = %q },
        } do
          local result, err = pool[operation](pool, params)
          ngx.log(ngx.ERR, operation, ": ", tostring(result), " ", tostring(err))
          for field, value in pairs(err or {}) do ngx.log(ngx.ERR, "error: ", field, "=", tostring(value)) end
        end
        ngx.print "done"
      } } ]]):format(planted.secret "code", planted.secret "pass", planted.secret "pass", planted.secret "old",
        planted.secret "new", planted.secret "token"),
    }
    local calls = 0
    for name in pairs(ends) do
      assert.equal("done", server:get("/call?name=" .. name:gsub(" ", "%%20")))
      calls = calls + 1
    end
    local log = server:log()
    local _, logged = log:gsub("change_password: nil ", "")
    assert.equal(calls, logged)
    assert.truthy(log:find("attempt: operation=confirm_forgot_password", 1, true))
    assert.truthy(log:find("connect() failed", 1, true)) -- nginx's own words
    assert.is_nil(planted.found(log))
    assert.is_nil(log:find(sandbox.settings.AWS_SECRET_ACCESS_KEY, 1, true))
  end)
end)
