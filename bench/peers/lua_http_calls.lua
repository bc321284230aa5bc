--- lua-http, which signs nothing: kept-alive connections, JSON by lua-cjson.
--
--     lua_http_calls.lua URL AUTHORITY CALLS OPERATION IN_FLIGHT

local cjson = require "cjson.safe"
local client = require "http.client"
local clock = require "bench.clock"
local cqueues = require "cqueues"
local new_headers = require("http.headers").new
local store = require "openssl.x509.store"
local tls = require "http.tls"

local url, authority, calls, in_flight = arg[1], arg[2], tonumber(arg[3]), tonumber(arg[5])
local host, port = url:match "^https://([^:/]+):(%d+)"

local context = tls.new_client_context()
context:setStore(store.new():add(authority))

local function connect()
  return assert(client.connect { host = host, port = tonumber(port), tls = true, ctx = context, version = 1.1 })
end

local function once(connection)
  local body = cjson.encode { ClientId = "3n4b5urk1ft4fl3mg5e62d9ado", Username = "alice@example.com" }
  local headers = new_headers()
  headers:append(":method", "POST")
  headers:append(":scheme", "https")
  headers:append(":authority", host .. ":" .. port)
  headers:append(":path", "/")
  headers:append("content-type", "application/x-amz-json-1.1")
  headers:append("x-amz-target", "AWSCognitoIdentityProviderService.ForgotPassword")
  headers:append("content-length", tostring(#body))
  local stream = assert(connection:new_stream())
  assert(stream:write_headers(headers, false))
  assert(stream:write_body_from_string(body))
  assert(assert(stream:get_headers()):get ":status" == "200")
  return assert(cjson.decode(assert(stream:get_body_as_string())))
end

local connections = {}

local function call_all(n)
  local queue = cqueues.new()
  for i = 1, math.min(n, in_flight) do
    queue:wrap(function()
      connections[i] = connections[i] or connect()
      while n > 0 do
        n = n - 1
        once(connections[i])
      end
    end)
  end
  assert(queue:loop())
end

clock.run_all(calls, call_all)
