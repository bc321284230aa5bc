--- Results as JSON: along the shapes of the model, so that an empty list is
-- `[]`, an empty map `{}`, and members come in the model's order.
-- @module cognito.cli.json

local c_locale = require "cognito.c_locale"
local printable = require "cognito.printable"
local tables = require "cognito.tables"
local text = require "cognito.cli.text"

local M = {}

local math_type = rawget(math, "type") -- Lua 5.3 and later have integers

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escaped(char)
  return escapes[char] or ("\\u%04x"):format(char:byte())
end

-- Beyond U+FFFF two surrogates stand for a character (RFC 8259, section 7).
local function escaped_point(point)
  if point < 0x10000 then
    return ("\\u%04x"):format(point)
  end
  point = point - 0x10000
  return ("\\u%04x\\u%04x"):format(0xD800 + math.floor(point / 0x400), 0xDC00 + point % 0x400)
end

-- JSON may hold C1 controls and characters that reorder a line; a terminal
-- obeys them.
local function quoted(value)
  value = text.repair(value):gsub('[%c\127"\\]', escaped)
  return '"' .. printable.replace(value, escaped_point) .. '"'
end

-- The shortest form that reads back as the same number.
local function number(value)
  if value ~= value or value == math.huge or value == -math.huge then
    return "null" -- JSON has no such number
  elseif math_type and math_type(value) == "integer" then
    return ("%d"):format(value)
  elseif value % 1 == 0 and math.abs(value) <= 2 ^ 53 then
    return ("%.0f"):format(value)
  end
  for precision = 14, 16 do
    local digits = c_locale.format("%." .. precision .. "g", value)
    if c_locale.tonumber(digits) == value then
      return digits
    end
  end
  return c_locale.format("%.17g", value)
end

local write

-- The entries between brackets, each on a line of its own when there is an
-- indentation.
local function bracketed(open, close, entries, indent)
  if #entries == 0 then
    return open .. close
  elseif not indent then
    return open .. table.concat(entries, ",") .. close
  end
  local inner = "\n" .. indent .. "  "
  return open .. inner .. table.concat(entries, "," .. inner) .. "\n" .. indent .. close
end

local function deeper(indent)
  return indent and indent .. "  "
end

local function member(name, value, shape, indent)
  return quoted(tostring(name)) .. (indent and ": " or ":") .. write(value, shape, deeper(indent))
end

-- Members that the model does not know come last, by name.
local function structure(value, members, indent)
  local entries, known = {}, {}
  for _, each in ipairs(members) do
    known[each.name] = true
    if value[each.name] ~= nil then
      entries[#entries + 1] = member(each.name, value[each.name], each, indent)
    end
  end
  for _, key in ipairs(tables.sorted_keys(value, function(key) return not known[key] end)) do
    entries[#entries + 1] = member(key, value[key], nil, indent)
  end
  return bracketed("{", "}", entries, indent)
end

local function map(value, shape, indent)
  local entries = {}
  for i, key in ipairs(tables.sorted_keys(value)) do
    entries[i] = member(key, value[key], shape, indent)
  end
  return bracketed("{", "}", entries, indent)
end

local function list(value, shape, indent)
  local entries = {}
  for i, each in ipairs(value) do
    entries[i] = write(each, shape, deeper(indent))
  end
  return bracketed("[", "]", entries, indent)
end

-- Lists of documents are marked, so that an empty one is no object.
local function is_list(value, shape)
  if shape.type and shape.type ~= "document" then
    return shape.type == "list"
  end
  local mark = (getmetatable(value) or {}).__jsontype
  return mark == "array" or mark ~= "object" and value[1] ~= nil
end

local function write_table(value, shape, indent)
  if is_list(value, shape) then
    return list(value, shape.element, indent)
  elseif shape.type == "structure" then
    return structure(value, shape.members, indent)
  end
  return map(value, shape.value, indent)
end

local anything = {}

function write(value, shape, indent)
  local kind = type(value)
  if kind == "table" then
    return write_table(value, shape or anything, indent)
  elseif kind == "string" then
    return quoted(value)
  elseif kind == "number" then
    return number(value)
  elseif kind == "boolean" then
    return tostring(value)
  end
  return "null"
end

--- Writes an object in one line.
-- @tparam table value
-- @tparam[opt] table members of it, as `cognito.describe` lists them; without
--   them members come by name, and a table with a first element is a list
-- @treturn string
function M.line(value, members)
  return members and structure(value, members) or write(value)
end

--- Writes an object for people: a member a line.
-- @tparam table value
-- @tparam[opt] table members as for `line`
-- @treturn string
function M.pretty(value, members)
  return members and structure(value, members, "") or write(value, nil, "")
end

return M
