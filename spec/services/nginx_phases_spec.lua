--- Where in nginx calls can be made, and that elsewhere they are refused
-- before anything is done for them: in a real nginx, against the local user
-- pool.

local certificates = require("spec.support.certificates").get()
local cjson = require "cjson"
local core = require "cognito.core"
local nginx = require "spec.support.nginx"
local sandbox_process = require "spec.support.sandbox_process"

describe("inside nginx", function()
  local sandbox, server, secure

  local INIT = [[
    init_by_lua_block {
      in_nginx = require "spec.support.in_nginx"
      pool = require("cognito").new($settings)
      function ask() return in_nginx.told(pool:admin_get_user { username = "ada" }) end
      function sleep(seconds) return in_nginx.told(require("cognito.place").runtime({}):sleep(seconds)) end
      kept = { init = ask(), slept_in_init = sleep(9) }
    }
    init_worker_by_lua_block {
      kept.init_worker = ask()
      kept.slept_in_init_worker = sleep(9)
      ngx.timer.at(0, function() kept.timer = ask() end)
    }
    server {
      listen 127.0.0.1:$tls ssl;
      ssl_certificate $certificate;
      ssl_certificate_key $key;
      ssl_certificate_by_lua_block { kept.ssl_certificate = ask() }
      return 200 "";
    }
  ]]

  -- What later phases say is kept for another request to tell.
  local SERVER = [[
    location = /kept { content_by_lua_block { ngx.print(kept[ngx.var.arg_name] or "") } }
    location = /rewrite {
      set $said "";
      rewrite_by_lua_block { ngx.var.said = ask() }
      content_by_lua_block { ngx.print(ngx.var.said) }
    }
    location = /access {
      set $said "";
      access_by_lua_block { ngx.var.said = ask() }
      content_by_lua_block { ngx.print(ngx.var.said) }
    }
    location = /content { content_by_lua_block { ngx.print(ask()) } }
    location = /coroutine {
      content_by_lua_block { coroutine.wrap(function() ngx.print(ask()) end)() }
    }
    location = /thread {
      content_by_lua_block { ngx.thread.wait(ngx.thread.spawn(function() ngx.print(ask()) end)) }
    }
    location = /sleep { content_by_lua_block { ngx.print(sleep(0.001)) } }
    location = /set {
      set_by_lua_block $said { return ask() }
      return 200 $said;
    }
    location = /filters {
      content_by_lua_block { ngx.print "x" }
      header_filter_by_lua_block { kept.header_filter, kept.slept_in_header_filter = ask(), sleep(9) }
      body_filter_by_lua_block { kept.body_filter, kept.slept_in_body_filter = ask(), sleep(9) }
      log_by_lua_block { kept.log, kept.slept_in_log = ask(), sleep(9) }
    }
    location = /cold {
      lua_code_cache off;
      content_by_lua_block {
        local in_nginx = require "spec.support.in_nginx"
        require("spec.support.in_nginx").call(require("cognito").new($settings), "admin_get_user")
      }
    }
    location = /cold_timer {
      lua_code_cache off;
      content_by_lua_block {
        local pool = require("cognito").new($settings)
        ngx.timer.at(0, function() pool:forgot_password { username = "from-a-cold-timer" } end)
      }
    }
  ]]

  local function fill_in(text)
    return (text:gsub("%$(%l+)", {
      settings = nginx.settings(sandbox), tls = secure,
      certificate = nginx.path(certificates.good[1]), key = nginx.path(certificates.good[2]),
    }))
  end

  setup(function()
    sandbox = sandbox_process.start()
    sandbox:post("/users", { username = "ada", email = "ada@example.com" })
    secure = nginx.free_port()
    server = nginx.start { http = fill_in(INIT), server = fill_in(SERVER) }
  end)

  teardown(function()
    if server then server:stop() end
    sandbox:stop()
  end)

  local function assert_carried_out(said)
    local told = cjson.decode(said)
    assert.is_nil(told.err)
    assert.equal("ada", told.result.username)
    assert.equal(1, told.meta.attempts)
  end

  local function kept(name)
    local said
    for _ = 1, 1000 do
      said = server:get("/kept?name=" .. name)
      if said ~= "" then return said end
      core.sleep(0.005)
    end
    error(name .. " said nothing")
  end

  for _, phase in ipairs { "rewrite", "access", "content", "coroutine", "thread" } do
    it("a call goes through: " .. phase, function() assert_carried_out(server:get("/" .. phase)) end)
  end

  it("a call goes through: timer", function() assert_carried_out(kept "timer") end)

  it("a call goes through: ssl_certificate", function()
    local http = core.http { ca_file = certificates.ca }
    assert.equal(200, assert(http:send { method = "GET", url = ("https://127.0.0.1:%d/"):format(secure) }).status)
    http:close()
    assert_carried_out(kept "ssl_certificate")
  end)

  it("a call goes through with lua_code_cache off, in a timer, too", function()
    for _ = 1, 3 do assert_carried_out(server:get "/cold") end
    server:get "/cold_timer"
    for _ = 1, 1000 do
      if (sandbox:get("/executions").forgot_password or {}).count == 1 then return end
      core.sleep(0.005)
    end
    error "the call in the timer was not carried out"
  end)

  it("a wait goes by", function()
    local told = cjson.decode(server:get "/sleep")
    assert.is_true(told.result)
    assert.is_nil(told.err)
  end)

  local function assert_wrong_phase(said)
    local told = cjson.decode(said)
    assert.is_nil(told.result)
    assert.equal("wrong_phase", told.err.code)
    assert.equal("network", told.err.kind)
    return told
  end

  for _, phase in ipairs { "init", "init_worker", "set", "header_filter", "body_filter", "log" } do
    it("a call is refused: " .. phase, function()
      if phase:find "filter" or phase == "log" then server:get "/filters" end
      local told = assert_wrong_phase(phase == "set" and server:get "/set" or kept(phase))
      assert.equal(0, told.meta.attempts)
      assert.is_false(told.err.ambiguous)
      assert.truthy(told.err.message:find(phase, 1, true), told.err.message)
      assert.truthy(told.err.hint:find("timer", 1, true))
      if phase ~= "set" then assert_wrong_phase(kept("slept_in_" .. phase)) end
    end)
  end
end)
