-- The tutorials for OpenResty, as they stand: the JSON API, and the pages of a
-- site with lua-resty-session. That library is not among Debian's packages, so
-- a stand-in has its `open` and `destroy`.

local json = require "cjson"
local lfs = require "lfs"
local nginx = require "spec.support.nginx"
local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

local OLD, NEW = "Analytical-Engine-1837", "Difference-Engine-1822"
local API = "examples/json_api/recovery_api.lua"
local FORM = "application/x-www-form-urlencoded"

local sandbox, server
local users = 0

setup(function() sandbox = sandbox_process.start() end)
teardown(function() sandbox:stop() end)
after_each(function() server:stop() end)

local function environment()
  local root = lfs.currentdir()
  local values = {
    COGNITO_ENDPOINT = sandbox.settings.url,
    LUA_PATH = ("%s/lua/?.lua;%s/lua/?/init.lua;;"):format(root, root),
    LUA_CPATH = ("%s/%s/?.so;;"):format(root, os.getenv "LUAJIT_BUILD" or "build/luajit"),
  }
  for _, name in ipairs { "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "COGNITO_CLIENT_SECRET" } do
    values[name] = sandbox.settings[name]
  end
  return values
end

local function new_user()
  users = users + 1
  local name = "reader" .. users
  sandbox:post("/users", { username = name, password = OLD, email = name .. "@example.com" })
  return name
end

-- It is sent after the answer.
local function code_of(name)
  return process.wait_for(function()
    local code
    for _, message in ipairs(sandbox:get "/outbox") do
      if message.username == name then code = message.code end
    end
    return code
  end, function() return "a code for " .. name end)
end

describe("the JSON API of the tutorial", function()
  before_each(function()
    server = nginx.start { text = process.read "examples/json_api/nginx.conf", files = { API }, env = environment() }
  end)

  local function post(path, body)
    local reply = server:post(path, "application/json", type(body) == "table" and json.encode(body) or body)
    return reply.status, reply.status < 429 and json.decode(reply.body).outcome or nil
  end

  it("recovers an account", function()
    local name = new_user()
    assert.same({ 202, "accepted" }, { post("/password/forgot", { username = name }) })
    local code = code_of(name)
    assert.same({ 422, "bad_password" },
      { post("/password/reset", { username = name, code = code, password = "weak" }) })
    assert.same({ 200, "done" }, { post("/password/reset", { username = name, code = code, password = NEW }) })
    assert.is_true(sandbox:signs_in(name, NEW))
    assert.is_false(sandbox:signs_in(name, OLD))
  end)

  it("answers strangers as it answers users", function()
    assert.same({ 202, "accepted" }, { post("/password/forgot", { username = "nobody" }) })
    assert.same({ 403, "not_accepted" },
      { post("/password/reset", { username = "nobody", code = "123456", password = NEW }) })
  end)

  it("refuses what is no request, and too many", function()
    for _, body in ipairs { "", "{", "[]", "null", '{"username":1}', '{"username":""}' } do
      assert.equal(400, (post("/password/forgot", body)), body)
    end
    assert.equal(400, assert(server:send "/password/forgot").status)
    local status
    for _ = 1, 12 do status = post("/password/forgot", { username = "nobody" }) end
    assert.equal(429, status)
  end)

  it("runs the command that the tutorial ends with", function()
    local name = new_user()
    local command = process.read "docs/tutorials/json_api.md":match "\n    (curl [^\n]*/password/forgot)"
    command = command:gsub("http://127.0.0.1:8080", server:url ""):gsub("ada", name)
    local said, status = process.output_of("no_proxy=127.0.0.1 " .. command .. " 2>/dev/null")
    assert.equal(0, status, said)
    assert.equal("accepted", json.decode(said).outcome)
    assert.truthy(code_of(name))
  end)
end)

describe("the site of the tutorial", function()
  local STAND_IN = [[
local function destroy() ngx.header["Set-Cookie"] = "session=; Max-Age=0" end
package.loaded["resty.session"] = { open = function() return { destroy = destroy } end }
package.path = "$api/?.lua;$site/?.lua;" .. package.path
recovery_pages = require "recovery_pages"]]

  before_each(function()
    local main = "env COGNITO_USER_POOL_ID;env COGNITO_CLIENT_ID;env COGNITO_CLIENT_SECRET;env COGNITO_ENDPOINT;"
    local code = STAND_IN:gsub("%$api", nginx.path "examples/json_api")
      :gsub("%$site", nginx.path "examples/session_site")
    server = nginx.start {
      main = main, env = environment(),
      http = "init_by_lua_block {" .. code .. "}\nlimit_req_zone $binary_remote_addr zone=recovery:1m rate=10r/m;",
      server = ("include %s;"):format(nginx.path "examples/session_site/recovery.conf"),
    }
  end)

  it("recovers an account, and ends the visitor's session", function()
    local name = new_user()
    assert.truthy(server:get "/recover":find 'action="/recover"')
    local asked = server:post("/recover", FORM, "username=" .. name)
    assert.truthy(asked.body:find 'name="code"')
    local code = code_of(name)
    local form = ("username=%s&code=%s&password="):format(name, code)
    assert.truthy(server:post("/recover/code", FORM, form .. "weak").body:find "not allowed")
    local done = server:post("/recover/code", FORM, form .. NEW)
    assert.equal(303, done.status)
    assert.equal("session=; Max-Age=0", done.headers["set-cookie"])
    assert.is_true(sandbox:signs_in(name, NEW))
  end)

  it("shows strangers the page that users see", function()
    local user = server:post("/recover", FORM, "username=" .. new_user())
    local stranger = server:post("/recover", FORM, "username=nobody")
    assert.equal(user.body, stranger.body)
    local reply = server:post("/recover/code", FORM, "username=nobody&code=123456&password=" .. NEW)
    assert.truthy(reply.body:find "not accepted")
  end)

  it("refuses forms of other sites, and incomplete ones", function()
    local other = server:post("/recover", FORM, "username=ada", { { "Sec-Fetch-Site", "cross-site" } })
    assert.equal(403, other.status)
    assert.truthy(server:post("/recover/code", FORM, "username=ada&code=1&code=2").body:find "not accepted")
  end)
end)
