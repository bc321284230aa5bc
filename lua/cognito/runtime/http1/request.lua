--- A request as the bytes that HTTP/1.1 wants.
-- @module cognito.runtime.http1.request

local c_locale = require "cognito.c_locale"
local native = require "cognito.native"

local M = {}

local has_body = { POST = true, PUT = true, PATCH = true, DELETE = true }

local function append_headers(pieces, headers)
  local n, names_host = #pieces, false
  for i, header in ipairs(headers) do
    local name, value = header[1], header[2]
    local complaint = native.check_header(name, value)
    if complaint then
      return nil, ("request.headers[%d] %s"):format(i, complaint)
    end
    names_host = names_host or (#name == 4 and c_locale.lower(name) == "host")
    pieces[n + 1], pieces[n + 2], pieces[n + 3], pieces[n + 4] = name, ": ", value, "\r\n"
    n = n + 4
  end
  return true, names_host
end

--- Writes a request.
-- @tparam table request `{ method, url, headers, body }`
-- @tparam table target its URL, see `cognito.core.request_url`
-- @tparam[opt] boolean closes whether the connection ends with the reply
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string what is wrong with the request, without its values
function M.bytes(request, target, closes)
  local method, body = request.method, request.body or ""
  local complaint = native.check_method(method)
  if complaint then
    return nil, complaint
  elseif method == "HEAD" and body ~= "" then
    return nil, "request.body: HEAD has none"
  end
  local pieces = { method, " ", target.path, target.query, " HTTP/1.1\r\n", "Host: ", target.authority, "\r\n" }
  local good, names_host = append_headers(pieces, request.headers or {})
  if not good then
    return nil, names_host
  elseif names_host then
    pieces[6], pieces[7], pieces[8] = "", "", ""
  end
  if closes then
    pieces[#pieces + 1] = "Connection: close\r\n"
  end
  if body ~= "" or has_body[method] then
    pieces[#pieces + 1] = "Content-Length: " .. #body .. "\r\n"
  end
  pieces[#pieces + 1] = "\r\n"
  pieces[#pieces + 1] = body
  return table.concat(pieces)
end

return M
