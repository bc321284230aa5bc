--- Where a request goes: its URL, checked and taken apart by the rules of the
-- C core.
-- @module cognito.runtime.http1.target

local M = {}

local DEFAULT_PORTS = { https = 443, http = 80 }

local NOT_A_URL = "request.url must be https://host[:port]/path in plain ASCII, without user, fragment or control "
  .. "characters"
local PLAIN = "request.url: plain http is only for a literal loopback address, unless allow_http is set"

local function read_host(authority)
  local host, rest = authority:match "^(%[[%x:.]+%])(.*)$"
  if not host then
    host, rest = authority:match "^([%w._-]+)(.*)$"
  end
  if not host or #host > 253 then
    return nil
  end
  return host:lower(), rest
end

local function read_port(rest, scheme)
  if rest == "" then
    return DEFAULT_PORTS[scheme]
  end
  local port = #rest <= 6 and tonumber(rest:match "^:(%d+)$")
  return port and port >= 1 and port <= 65535 and port or nil
end

-- What follows the host; the path counts as it was signed.
local function read_path(rest)
  local path, query = rest:match "^([^?]*)(.*)$"
  if path:find '[^!-~]' or path:find '[#\\"<>]' or query:find "[^!-~]" or query:find "#" then
    return nil
  end
  return (path == "" and "/" or path) .. query
end

-- A literal address: a name could be anybody's.
local function is_loopback(host)
  local a, b, c = host:match "^127%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$"
  return host == "[::1]" or (a and tonumber(a) < 256 and tonumber(b) < 256 and tonumber(c) < 256) or false
end

--- Takes a URL apart.
-- @tparam string url
-- @tparam[opt] boolean allow_http whether plain http may go further than a
--   literal loopback address
-- @treturn[1] table `scheme`, `host` in lower case, `port`, `authority` for
--   the Host header, `path` with the query, `is_address`: no name to look up
-- @treturn[2] nil
-- @treturn[2] string what is wrong, without anything of the URL
function M.parse(url, allow_http)
  local scheme, authority, rest = url:match "^(%a+)://([^/?]*)(.*)$"
  scheme = scheme and scheme:lower()
  local host, port_text = read_host(authority or "")
  local port = host and DEFAULT_PORTS[scheme] and read_port(port_text, scheme)
  local path = port and read_path(rest)
  if not path then
    return nil, NOT_A_URL
  elseif scheme == "http" and not allow_http and not is_loopback(host) then
    return nil, PLAIN
  end
  return {
    scheme = scheme,
    host = host,
    port = port,
    authority = port == DEFAULT_PORTS[scheme] and host or host .. ":" .. port,
    path = path,
    is_address = host:find "^%[" ~= nil or host:find "^%d+%.%d+%.%d+%.%d+$" ~= nil,
  }
end

return M
