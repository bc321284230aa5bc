--- The URL of a journal in PostgreSQL, read as libpq reads it but strictly:
-- libpq quotes what it cannot read, which may be the password.
-- @module cognito.bulk.journal.url

local c_locale = require "cognito.c_locale"
local printable = require "cognito.printable"

local M = {}

-- Parameters of libpq that are secrets themselves, and do not say where one is.
local secret = {
  password = true, sslpassword = true, oauth_client_secret = true, scram_client_key = true, scram_server_key = true,
}

local function decoded(text)
  return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- libpq takes all up to an @ for the user, unless a slash comes first.
local function split(url)
  local rest = url:match "^%a+://(.*)$" or ""
  local user = rest:match "^([^/@]*)@"
  local base = user and rest:sub(#user + 2) or rest
  return user, base:match "^([^/?]*)([^?]*)(.*)$"
end

-- The keys of a query, or of a text like "host=h password='p q'", as libpq
-- reads them and as people may spell them.
local function names_secret(text)
  for key in c_locale.lower(decoded(text)):gmatch "([%w_]+)%s*=" do
    if secret[key] then
      return true
    end
  end
  return false
end

--- Whether a journal's name holds a password, in any spelling: it is not to be
-- an argument.
-- @tparam string journal
-- @treturn boolean
function M.has_secret(journal)
  local rest = journal:match "^%w+://(.*)$"
  local before = rest and (rest:match "^([^/@]*)@" or rest:match "^([^?]*)":match "^(.*)@")
  return before ~= nil and decoded(before):find(":", 1, true) ~= nil or names_secret(journal)
end

local function is_text(text)
  return not text:find "[%c%s]" and not text:gsub("%%%x%x", ""):find("%", 1, true) and not text:find("%%00")
end

local function are_hosts(text)
  for host in (text .. ","):gmatch "([^,]*)," do
    local port = host:match "^%[[%x:.]+%](.*)$" or host:match "^[%w._%%-]*(.*)$"
    if port ~= "" and not port:find "^:%d+$" then
      return false
    end
  end
  return true
end

local function is_query(text)
  for part in text:sub(2):gmatch "[^&]+" do
    if not part:find "^[^=]+=[^=]*$" then
      return false
    end
  end
  return true
end

--- Whether libpq can read a URL.
-- @tparam string url
-- @treturn boolean
function M.is_sound(url)
  local user, hosts, path, query = split(url)
  return is_text(url) and not (user or ""):find("[?]") and are_hosts(hosts) and not path:find("@", 1, true)
    and is_query(query)
end

local function add(found, text)
  for _, value in ipairs { text, decoded(text) } do
    if value ~= "" then
      found[#found + 1] = value
    end
  end
end

local function secrets_of(url)
  local found, user, _, _, query = {}, split(url)
  add(found, (user or ""):match ":(.*)$" or "")
  for key, value in query:gmatch "([^?&=]+)=([^&]*)" do
    if secret[c_locale.lower(decoded(key))] then
      add(found, value)
    end
  end
  table.sort(found, function(a, b) return #a > #b end)
  return found
end

--- A text of libpq's without the secrets of the URL that it was given.
-- @tparam string text
-- @tparam string url
-- @treturn string
function M.hide(text, url)
  for _, value in ipairs(secrets_of(url)) do
    text = text:gsub(value:gsub("%p", "%%%0"), printable.MASK)
  end
  return text
end

return M
