--- JSON as strict as the service reads it.
--
-- A codec of the sandbox's own, because the stock lua-cjson cannot tell `[]`
-- from `{}` in either direction: a client that sends `"ClientMetadata":[]`
-- must be refused here as it is by the service, and a list without elements
-- must go out as `[]`. It is also a second opinion on what the C core writes.
--
-- Objects are plain tables, lists carry a metatable (`json.list`). A member
-- that is null is absent, which is what the service makes of it.
--
-- @module cognito.sandbox.json
local c_locale = require "cognito.c_locale"
local tables = require "cognito.tables"
local utf8 = require "cognito.sandbox.utf8"

local M = {}

-- Deeper than any shape of the service, shallow enough for the C stack.
local MAX_DEPTH = 32

local List = {}

--- Stands for null where it cannot be left out: as an element of a list.
M.null = setmetatable({}, { __tostring = function() return "null" end })

--- Marks a table as a list.
-- @tparam table t a sequence
-- @treturn table the same
function M.list(t)
  return setmetatable(t, List)
end

--- The JSON name of a value's type.
-- @param value decoded from JSON
-- @treturn string `object`, `list`, `null` or Lua's name of the type
function M.type(value)
  if value == M.null then
    return "null"
  end
  if type(value) ~= "table" then
    return type(value)
  end
  return getmetatable(value) == List and "list" or "object"
end

-- ---- writing ----

local escapes = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r",
  ["\t"] = "\\t",
}

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(char)
    return escapes[char] or ("\\u%04x"):format(char:byte())
  end) .. '"'
end

local function number(value)
  assert(value == value and value ~= math.huge and value ~= -math.huge,
    "JSON has no such number")
  if value % 1 == 0 then
    return ("%.0f"):format(value)
  end
  return c_locale.format("%.14g", value)
end

local encode

local function list(values)
  local parts = {}
  for i, value in ipairs(values) do
    parts[i] = encode(value)
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function object(members)
  local names = tables.sorted_keys(members) -- the same reply is the same bytes
  for i, name in ipairs(names) do
    names[i] = quoted(name) .. ":" .. encode(members[name])
  end
  return "{" .. table.concat(names, ",") .. "}"
end

local writers = {
  string = quoted, number = number, boolean = tostring, list = list,
  object = object,
}

function encode(value)
  return writers[M.type(value)](value)
end

--- Writes a value.
-- @param value strings, numbers, booleans, `json.list`s and tables
-- @treturn string
M.encode = encode

-- ---- reading ----

local function fail(at, what)
  error({ at = at, what = what }, 0)
end

local function skip_space(text, at)
  return text:find("[^ \t\r\n]", at) or #text + 1
end

local short_escapes = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n",
  r = "\r", t = "\t",
}

local function hex4(text, at)
  local digits = text:match("^%x%x%x%x", at)
  return digits and tonumber(digits, 16)
end

local function unicode_escape(text, at)
  local point = hex4(text, at)
  if not point then
    fail(at, "bad \\u escape")
  end
  at = at + 4
  if point >= 0xDC00 and point <= 0xDFFF then
    fail(at, "lone surrogate")
  end
  if point >= 0xD800 and point <= 0xDBFF then
    local low = text:sub(at, at + 1) == "\\u" and hex4(text, at + 2)
    if not low or low < 0xDC00 or low > 0xDFFF then
      fail(at, "lone surrogate")
    end
    point = 0x10000 + (point - 0xD800) * 0x400 + (low - 0xDC00)
    at = at + 6
  end
  return utf8.char(point), at
end

local function escape(text, at)
  local char = text:sub(at, at)
  if char == "u" then
    return unicode_escape(text, at + 1)
  end
  if not short_escapes[char] then
    fail(at, "bad escape")
  end
  return short_escapes[char], at + 1
end

local function read_string(text, at)
  local parts = {}
  at = at + 1
  while true do
    local stop = text:find('[%c"\\]', at)
    if not stop then
      fail(#text, "unfinished string")
    end
    parts[#parts + 1] = text:sub(at, stop - 1)
    local char = text:sub(stop, stop)
    if char == '"' then
      return table.concat(parts), stop + 1
    end
    if char == "\\" then
      parts[#parts + 1], at = escape(text, stop + 1)
    elseif char == "\127" then -- %c has it, JSON allows it
      parts[#parts + 1], at = char, stop + 1
    else
      fail(stop, "control character in a string")
    end
  end
end

local function read_number(text, at)
  local whole = text:match("^%-?%d+", at)
  if not whole or whole:find("^%-?0%d") then
    fail(at, "unexpected token")
  end
  local stop = at + #whole
  stop = stop + #(text:match("^%.%d+", stop) or "")
  stop = stop + #(text:match("^[eE][+-]?%d+", stop) or "")
  local value = c_locale.tonumber(text:sub(at, stop - 1))
  if value == math.huge or value == -math.huge then
    fail(at, "a number that is too large")
  end
  return value, stop
end

local words = { ["true"] = true, ["false"] = false, null = M.null }

local read

-- Reads what stands between brackets: `each` reads one entry.
local function read_entries(text, at, close, each)
  at = skip_space(text, at + 1)
  if text:sub(at, at) == close then
    return at + 1
  end
  while true do
    at = skip_space(text, each(at))
    local char = text:sub(at, at)
    if char == close then
      return at + 1
    end
    if char ~= "," then
      fail(at, "expected , or " .. close)
    end
    at = skip_space(text, at + 1)
  end
end

local function read_list(text, at, depth)
  local values = M.list {}
  at = read_entries(text, at, "]", function(from)
    local value, stop = read(text, from, depth)
    values[#values + 1] = value
    return stop
  end)
  return values, at
end

local function read_object(text, at, depth)
  local members, seen = {}, {}
  at = read_entries(text, at, "}", function(from)
    if text:sub(from, from) ~= '"' then
      fail(from, "expected a name")
    end
    local name, value
    name, from = read_string(text, from)
    if seen[name] then
      fail(from, "the same name twice")
    end
    seen[name] = true
    from = skip_space(text, from)
    if text:sub(from, from) ~= ":" then
      fail(from, "expected :")
    end
    value, from = read(text, skip_space(text, from + 1), depth)
    if value ~= M.null then
      members[name] = value
    end
    return from
  end)
  return members, at
end

function read(text, at, depth)
  if depth > MAX_DEPTH then
    fail(at, "nested too deep")
  end
  local char = text:sub(at, at)
  if char == "{" then
    return read_object(text, at, depth + 1)
  end
  if char == "[" then
    return read_list(text, at, depth + 1)
  end
  if char == '"' then
    return read_string(text, at)
  end
  local word = text:match("^%l+", at)
  if word and words[word] ~= nil then
    return words[word], at + #word
  end
  return read_number(text, at)
end

--- Reads a text.
-- @tparam string text
-- @return the value, or nil
-- @treturn string|nil what is wrong with the text, never a piece of it
function M.decode(text)
  if not utf8.length(text) then
    return nil, "not UTF-8"
  end
  local ok, value, stop = pcall(function()
    return read(text, skip_space(text, 1), 0)
  end)
  if not ok then
    if type(value) ~= "table" then
      error(value, 0)
    end
    return nil, ("%s at byte %d"):format(value.what, value.at)
  end
  if skip_space(text, stop) <= #text then
    return nil, ("text after the end at byte %d"):format(stop)
  end
  return value
end

return M
