--- Replies of any form for the reader in Lua: however the bytes come, it reads
-- the same.
--
-- An input: a byte for the method and the bound, and what the server sends.

local check = require "spec.fuzz.support.check"
local read = require("cognito.runtime.http1.reply").read

local CLOSED = { code = "connection_lost", words = "closed", ended = true }
local codes = { connection_lost = true, malformed_response = true, too_large = true }

local function source(text, size)
  local at = 1
  return { more = function()
    if at > #text then return nil, CLOSED end
    at = at + size
    return text:sub(at - size, at - 1)
  end }
end

local function check_response(response)
  assert(response.status >= 200 and response.status <= 599, "no status")
  for name, value in pairs(response.headers) do
    assert(name:find "^[!-~]+$" and not value:find "[%z\r\n]", "a header that is two")
  end
end

return function(bytes)
  local way, text = bytes:byte() or 0, bytes:sub(2)
  local options = { method = way % 16 == 1 and "HEAD" or "POST", all_headers = true,
    max_response = way % 16 == 2 and 100 or 65536 }
  local response, reusable = read(source(text, #text + 1), options)
  if response then
    check_response(response)
  else
    assert(codes[reusable.code], "no such fault")
  end
  for _, size in ipairs { 1, 2, 7 } do
    local again, fault = read(source(text, size), options)
    if response then
      assert(check.same(again, response), "in pieces it is another reply")
    else
      assert(not again and fault.code == reusable.code, "in pieces it is another fault")
    end
  end
end
