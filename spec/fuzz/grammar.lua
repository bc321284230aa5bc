--- URLs, hosts, header lines and UTF-8, for all that read them: the core, what
-- signs, what writes requests, and the sandbox.

local c_locale = require "cognito.c_locale"
local control = require "cognito.sandbox.control"
local core = require "cognito.core"
local http1 = require "spec.support.http1"
local utf8 = require "cognito.sandbox.utf8"

local KEYS = { access_key_id = "AKIA", secret_access_key = "secret" }

-- The sandbox reads what clients send: the URL without a scheme's port, with a path.
local function check_url(text, url)
  assert(url.port >= 1 and url.port <= 65535 and url.host ~= "" and url.path:sub(1, 1) == "/", "no address")
  assert(url.host == c_locale.lower(url.host) and not url.authority:find "[^!-~]", "no host")
  local again = core.read_url(("%s://%s%s%s"):format(url.scheme, url.authority, url.path, url.query))
  again.is_loopback = url.is_loopback -- in the spelling "127.1" it is none
  for key, value in pairs(url) do
    assert(again[key] == value, "written and read it is another")
  end
  local named = text:match "^%a+://([^/?#]+)"
  assert(c_locale.lower(named):gsub(":0*" .. url.port .. "$", "") == url.host or url.is_address, "another host")
  if url.is_loopback then
    assert(control.is_loopback(url.host), "the sandbox knows a loopback address less")
  end
end

local function check_request(text, url)
  local _, steps = core.sign({ method = "GET", url = text }, { credentials = KEYS, region = "r", time = 1 })
  assert(steps.canonical_request:match "\nhost:([^\n]*)\n" == url.authority, "signed for another host")
  local bytes = http1.write { method = "GET", url = text }
  assert(bytes:match "\r\nHost: ([^\r]*)\r\n" == url.authority, "sent to another host")
  assert(bytes:match "^GET (%S+) HTTP/1.1\r\n" == url.path .. url.query, "sent for another path")
end

local function check_endpoint(text, url)
  local request = core.build("list_user_pools", { max_results = 1 }, { endpoint = text, region = "r",
    credentials = KEYS, time = 1 })
  assert((request ~= nil) == (url ~= nil and url.query == ""), "an endpoint is read differently")
  if request then
    local built = core.read_url(request.url)
    assert(built.authority == url.authority and built.path == url.path:gsub("/$", "") .. "/", "another endpoint")
  end
end

local function check_utf8(text)
  local length, at, count = utf8.length(text), 1, 0
  assert(core.is_utf8(text) == (length ~= nil), "the sandbox reads other UTF-8")
  while at <= #text do
    local point, size = core.decode_utf8(text, at)
    assert(size >= 1 and size <= 4 and (point ~= nil or length == nil), "no code point")
    assert(point == nil or utf8.char(point) == text:sub(at, at + size - 1), "another code point")
    at, count = at + size, count + 1
  end
  assert(length == nil or count == length, "another length")
end

local function check_header(text)
  local name, value = text:match "^([^:]*):(.*)$"
  if name and not core.check_header(name, value) then
    assert(core.is_token(name) and not value:find "[%z\r\n]", "a header that is two")
  end
end

return function(text)
  local url, checked = core.read_url(text), core.request_url(text, true)
  assert((url == nil) == (checked == nil), "a URL is checked differently")
  if url then
    check_url(text, url)
    check_request(text, url)
    local near = core.request_url(text)
    assert((near ~= nil) == (url.scheme == "https" or url.is_loopback), "plain http goes further")
  end
  check_endpoint(text, url)
  check_utf8(text)
  check_header(text)
end
