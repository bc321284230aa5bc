--- A visitor without scripts, cookies apart: plain HTTP, from any address of
-- loopback.

local http = require "socket.http"
local ltn12 = require "ltn12"
local socket = require "socket"

local M = {}

local Visitor = {}
Visitor.__index = Visitor

local function escape(text)
  return (text:gsub("[^%w_.~-]", function(character) return ("%%%02X"):format(character:byte()) end))
end

--- A form as browsers send it.
-- @tparam table fields
-- @treturn string
function M.encode(fields)
  local parts = {}
  for name, value in pairs(fields) do parts[#parts + 1] = escape(name) .. "=" .. escape(value) end
  table.sort(parts)
  return table.concat(parts, "&")
end

--- A visitor from an address.
-- @tparam string url of the site
-- @tparam string address like 127.0.0.2
-- @treturn table visitor: `cookie`, `token` (of the last page), `device` (a cookie, too)
function M.new(url, address)
  return setmetatable({ url = url, address = address, origin = url }, Visitor)
end

function Visitor:connection()
  local function create()
    local connection = assert(socket.tcp())
    assert(connection:bind(self.address, 0))
    return connection
  end
  return create
end

--- The cookies as a header has them, or nil.
function Visitor:cookies()
  return self.device and self.cookie .. "; " .. self.device or self.cookie
end

-- Copies of the given headers, and the cookie.
function Visitor:headers(given, body)
  local headers = { Cookie = self:cookies() }
  if body then
    headers["Content-Type"], headers["Content-Length"] = "application/x-www-form-urlencoded", #body
    headers.Origin = self.origin
  end
  for name, value in pairs(given or {}) do headers[name] = value or nil end
  return headers
end

--- Takes the cookies of a reply. LuaSocket joins headers of one name.
-- @tparam string text
function Visitor:take_cookies(text)
  for cookie in text:gmatch "[^,]+" do
    local pair = cookie:match "^%s*([^;]*)"
    if not pair:find "device=" then
      self.cookie = pair
    else
      self.device = not pair:find "=$" and pair or nil
    end
  end
end

--- One request; redirects are not followed.
-- @tparam string method
-- @tparam string path
-- @tparam[opt] table headers
-- @tparam[opt] string body
-- @treturn table response: `status`, `headers`, `body`
function Visitor:send(method, path, headers, body)
  local parts = {}
  local _, status, received = http.request {
    method = method, url = self.url .. path, headers = self:headers(headers, body), redirect = false,
    source = body and ltn12.source.string(body), sink = ltn12.sink.table(parts), create = self:connection(),
  }
  assert(type(status) == "number", status)
  local response = { status = status, headers = received, body = table.concat(parts) }
  self:take_cookies(received["set-cookie"] or "")
  self.token = response.body:match 'name="token" type="hidden" value="([^"]*)"' or self.token
  return response
end

--- Looks at a page.
-- @tparam string path
-- @tparam[opt] table headers
-- @treturn table response
function Visitor:get(path, headers)
  return self:send("GET", path, headers)
end

--- Sends a form, with the token of the last page unless it has one.
-- @tparam string path
-- @tparam table fields
-- @tparam[opt] table headers
-- @treturn table response
function Visitor:post(path, fields, headers)
  local all = { token = self.token }
  for name, value in pairs(fields) do all[name] = value end
  return self:send("POST", path, headers, M.encode(all))
end

--- Opens a page and sends its form.
-- @tparam string path
-- @tparam table fields
-- @treturn table response
function Visitor:fill_in(path, fields)
  self:get(path)
  return self:post(path, fields)
end

return M
