--- Values of any kind as SQL, read back by SQLite; and URLs of journals, which
-- may hold a password.
--
-- An input: a byte; then a URL, or values.

local quote = require "cognito.bulk.quote"
local readers = require "spec.fuzz.support.reader"
local url = require "cognito.bulk.journal.url"

local found, luasql = pcall(require, "luasql.sqlite3")
local connection = found and assert(luasql.sqlite3():connect ":memory:")

-- ---- values ----

local scalars = { ["nil"] = true, boolean = true, number = true, string = true }

local function can_be_kept(value)
  local kind = type(value)
  return scalars[kind] and not (kind == "number" and (value ~= value or value == 1 / 0 or value == -1 / 0))
    and not (kind == "string" and value:find("\0", 1, true))
end

local function is_same(value, kept)
  if type(value) == "boolean" then
    return tonumber(kept) == (value and 1 or 0)
  elseif type(value) == "number" then
    return tonumber(kept) == value
  end
  return kept == value
end

local function check_value(value)
  local ok, statement = pcall(quote.fill, "SELECT ? AS kept, ? AS other", value, "x'--")
  assert(ok == can_be_kept(value), statement)
  if not ok or not connection then return end
  local cursor = assert(connection:execute(statement))
  local row = cursor:fetch({}, "a")
  cursor:close()
  assert(is_same(value, row.kept) and row.other == "x'--", "another value comes back")
end

-- ---- URLs ----

local PASSWORD = "planted"

local function check_url(text)
  local is_sound, has_secret = url.is_sound(text), url.has_secret(text)
  local hidden = url.hide("could not connect with " .. PASSWORD, text)
  assert(type(is_sound) == "boolean" and type(has_secret) == "boolean" and type(hidden) == "string")
  if text:find("^postgresql://[^/@:]*:" .. PASSWORD .. "@") then
    assert(has_secret, "a password that is not seen")
    assert(not hidden:find(PASSWORD, 1, true), "a password that is shown")
  end
end

return function(bytes)
  local reader = readers.new(bytes)
  if reader:seldom(2) then
    check_url(reader:rest())
  else
    repeat check_value(reader:value(71)) until reader:is_done()
  end
end
