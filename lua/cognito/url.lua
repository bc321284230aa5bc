--- The URLs of services: read strictly and by the rules of the C core, because
-- a user before the host, a backslash or a stray sign means different hosts to
-- different readers.
-- @module cognito.url

local c_locale = require "cognito.c_locale"

local M = {}

local DEFAULT_PORTS = { https = 443, http = 80 }

local function read_host(authority)
  local host, rest = authority:match "^(%[[%x:.]+%])(.*)$"
  if not host then
    host, rest = authority:match "^([%w._-]+)(.*)$"
  end
  if not host or #host > 253 then
    return nil
  end
  return c_locale.lower(host), rest
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
  return path == "" and "/" or path, query
end

--- Takes a URL apart.
-- @tparam string text
-- @treturn[1] table `scheme` and `host` in lower case, `port`, `authority` for
--   the Host header, `path`, `query` with its question mark or empty,
--   `is_address`: no name to look up
-- @treturn[2] nil when it is no http or https URL in plain ASCII, or has a user
--   or a fragment
function M.read(text)
  local scheme, authority, rest = text:match "^(%a+)://([^/?]*)(.*)$"
  scheme = scheme and c_locale.lower(scheme)
  local host, port_text = read_host(authority or "")
  local port = host and DEFAULT_PORTS[scheme] and read_port(port_text, scheme)
  local path, query = nil, nil
  if port then
    path, query = read_path(rest)
  end
  return path and {
    scheme = scheme,
    host = host,
    port = port,
    authority = port == DEFAULT_PORTS[scheme] and host or host .. ":" .. port,
    path = path,
    query = query,
    is_address = host:find "^%[" ~= nil or host:find "^%d+%.%d+%.%d+%.%d+$" ~= nil,
  } or nil
end

--- Whether a host is a literal loopback address. A name could lead anywhere.
-- @tparam string host as from `read`
-- @treturn boolean
function M.is_loopback(host)
  local a, b, c = host:match "^127%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$"
  return host == "[::1]" or (a and tonumber(a) < 256 and tonumber(b) < 256 and tonumber(c) < 256) or false
end

return M
