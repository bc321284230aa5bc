--- Where a request goes: its URL, checked and taken apart by the rules of the
-- C core.
-- @module cognito.runtime.http1.target

local urls = require "cognito.url"

local M = {}

local NOT_A_URL = "request.url must be https://host[:port]/path in plain ASCII, without user, fragment or control "
  .. "characters"
local PLAIN = "request.url: plain http is only for a literal loopback address, unless allow_http is set"

--- Takes a URL apart.
-- @tparam string url
-- @tparam[opt] boolean allow_http whether plain http may go further than a
--   literal loopback address
-- @treturn[1] table `scheme`, `host` in lower case, `port`, `authority` for
--   the Host header, `path` with the query, `is_address`: no name to look up
-- @treturn[2] nil
-- @treturn[2] string what is wrong, without anything of the URL
function M.parse(url, allow_http)
  local read = urls.read(url)
  if not read then
    return nil, NOT_A_URL
  elseif read.scheme == "http" and not allow_http and not urls.is_loopback(read.host) then
    return nil, PLAIN
  end
  return {
    scheme = read.scheme,
    host = read.host,
    port = read.port,
    authority = read.authority,
    path = read.path .. read.query,
    is_address = read.is_address,
  }
end

return M
