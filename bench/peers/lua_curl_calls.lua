--- Lua-cURLv3, which checks, signs and retries nothing, with lua-cjson: one call
-- after another.
--
--     lua_curl_calls.lua URL AUTHORITY CALLS OPERATION

local cjson = require "cjson.safe"
local clock = require "bench.clock"
local curl = require "cURL"

local url, authority, calls = arg[1], arg[2], tonumber(arg[3])
local parts

local easy = curl.easy {
  url = url,
  cainfo = authority,
  post = true,
  httpheader = {
    "Content-Type: application/x-amz-json-1.1",
    "X-Amz-Target: AWSCognitoIdentityProviderService.ForgotPassword",
  },
  writefunction = function(part) parts[#parts + 1] = part end,
}

clock.run(calls, function()
  parts = {}
  easy:setopt_postfields(cjson.encode { ClientId = "3n4b5urk1ft4fl3mg5e62d9ado", Username = "alice@example.com" })
  easy:perform()
  assert(easy:getinfo_response_code() == 200)
  assert(cjson.decode(table.concat(parts)))
end)
