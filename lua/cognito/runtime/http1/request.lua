--- A request as the bytes that HTTP/1.1 wants.
-- @module cognito.runtime.http1.request

local c_locale = require "cognito.c_locale"

local M = {}

-- How the body is framed is for the library to say.
local owned = { ["content-length"] = true, ["transfer-encoding"] = true, expect = true }

local has_body = { POST = true, PUT = true, PATCH = true, DELETE = true }

-- What is wrong with a header's name (RFC 9110, section 5.6.2), or false. Names
-- are the program's and ours: they stay few.
local complaints = setmetatable({}, {
  __index = function(known, name)
    local complaint = false
    if name == "" or name:find "[^!#$%%&'*+.^_`|~%w-]" then
      complaint = "has a name that is not a header name"
    elseif owned[c_locale.lower(name)] then
      complaint = "is set by the library itself"
    end
    known[name] = complaint
    return complaint
  end,
})

-- What would end a line. Others have seen to the rest; this is the last place
-- where it can be seen at all.
local function breaks_lines(value)
  return value:find("\n", 1, true) or value:find("\r", 1, true) or value:find("\0", 1, true)
end

local function append_headers(pieces, headers)
  local n, names_host = #pieces, false
  for i, header in ipairs(headers) do
    local name, value = header[1], header[2]
    local complaint = complaints[name] or (breaks_lines(value) and "holds a line break or a NUL")
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
  if method == "" or #method > 32 or method:find "[^!#$%%&'*+.^_`|~%w-]" then
    return nil, "request.method must be an HTTP method such as POST"
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
