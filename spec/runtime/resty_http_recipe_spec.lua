-- The recipe of docs/runtimes.md for lua-resty-http, run as it stands there
-- over a client with that library's documented contract: `connect`, `request`
-- and `read_body` return nil and a text where they fail.

local cognito = require "cognito"
local loads = rawget(_G, "loadstring") or load

local function recipe()
  local file = assert(io.open "docs/runtimes.md")
  local text = file:read "*a"
  file:close()
  return assert(text:match '```lua\n(local http = require "resty.http".-)```')
end

local DELIVERED = '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL","Destination":"a***"}}'

local steps, calls

local function step(name, default)
  return function(_, given)
    calls[#calls + 1] = { name, given }
    local planned = table.remove(steps[name] or {}, 1)
    if type(planned) == "function" then planned() end
    if planned then return nil, planned end
    return default()
  end
end

local function count(name)
  local n, last = 0, nil
  for _, call in ipairs(calls) do
    if call[1] == name then n, last = n + 1, call[2] end
  end
  return n, last
end

local function forgot_password(planned)
  steps, calls = planned, {}
  local read = step("read_body", function() return DELIVERED end)
  local client = {
    set_timeouts = function() end,
    connect = step("connect", function() return true end),
    request = step("request", function() return { status = 200, headers = {}, read_body = read } end),
    close = step("close", function() return true end),
  }
  package.loaded["resty.http"] = { new = function() return client end }
  local source = recipe():gsub("runtime = send,", "%0 random = function() return 0 end,") .. "\nreturn pool"
  local pool = assert(loads("local cognito = ...\n" .. source))(cognito)
  return pool:forgot_password { username = "ada" }
end

describe("the recipe for lua-resty-http", function()
  after_each(function() package.loaded["resty.http"] = nil end)

  it("connects, verifies, sends once and closes", function()
    assert.equal("EMAIL", assert(forgot_password {}).code_delivery_details.delivery_medium)
    local _, connected = count "connect"
    assert.equal("cognito-idp.eu-west-1.amazonaws.com", connected.host)
    assert.equal(443, connected.port)
    assert.is_true(connected.ssl_verify)
    assert.equal(connected.host, connected.ssl_server_name) -- ngx_lua compares no name unless one is given
    local _, sent = count "request"
    assert.equal("POST", sent.method)
    assert.equal("/", sent.path)
    assert.equal(1, (count "close"))
  end)

  it("has a connection that fails tried again, and no call ambiguous", function()
    assert(forgot_password { connect = { "connection refused", "timeout" } })
    assert.equal(3, (count "connect"))
    assert.equal(1, (count "request"))
    for words, code in pairs {
      ["connection refused"] = "connect", timeout = "timeout",
      ["a.example could not be resolved (3: Host not found)"] = "dns", ["no resolver defined to resolve \"a\""] = "dns",
      ["20: unable to get local issuer certificate"] = "tls", ["handshake failed"] = "tls",
      ["failed to connect to: proxy.example:3128: timeout"] = "timeout",
      ["failed to establish a tunnel through a proxy: 403"] = "connect",
    } do
      local _, err = forgot_password { connect = { words, words, words } }
      assert.equal(code, err.code)
      assert.is_false(err.ambiguous)
      assert.equal(0, (count "request"))
    end
  end)

  it("takes a raised error, as ngx_lua 0.10.23 has for a certificate of another name", function()
    local function raise() error "bad argument: certificate host mismatch" end
    local _, err = forgot_password { connect = { raise, raise, raise } }
    assert.equal("tls", err.code)
    assert.is_false(err.ambiguous)
    assert.equal(0, (count "request"))
  end)

  it("has nothing sent again that may have been carried out", function()
    for _, name in ipairs { "request", "read_body" } do
      for words, code in pairs { closed = "connection_lost", timeout = "timeout" } do
        local _, err = forgot_password { [name] = { words } }
        assert.equal(code, err.code)
        assert.is_true(err.ambiguous)
        assert.equal(1, (count "request"))
        assert.equal(1, (count "close"))
      end
    end
  end)
end)
