--- Reads what an operation is given, and refuses what does not fit.
--
-- @module cognito.sandbox.shapes
local c_locale = require "cognito.c_locale"
local errors = require "cognito.sandbox.errors"
local inputs = require "cognito.sandbox.inputs"
local json = require "cognito.sandbox.json"
local tables = require "cognito.tables"
local utf8 = require "cognito.sandbox.utf8"

local M = {}

-- ---- types: the service cannot even read what fails here ----

local token_of = {
  string = "STRING_VALUE", number = "NUMBER_VALUE", object = "START_OBJECT",
  list = "START_ARRAY", null = "NULL_VALUE",
}

local target_of = { string = "String", number = "Integer",
  boolean = "Boolean" }

local function mistyped(value, shape)
  local found = json.type(value)
  if shape.type == "object" or shape.type == "list" then
    errors.refuse("not_json", "Unexpected field type: "
      .. (shape.type == "list" and "a list" or "a structure or map")
      .. " was expected")
  end
  if found == "object" or found == "list" then
    errors.refuse("not_json", "Start of "
      .. (found == "list" and "list" or "structure or map")
      .. " found where not expected.")
  end
  local token = token_of[found] or c_locale.upper(tostring(value)) .. "_VALUE"
  errors.refuse("not_json", ("%s can not be converted to %s %s"):format(token,
    shape.type == "number" and "an" or "a", target_of[shape.type]))
end

local check_types

local function check_members_types(value, members)
  for name, member in pairs(members) do
    if value[name] ~= nil then
      check_types(value[name], member)
    end
  end
end

function check_types(value, shape)
  if json.type(value) ~= shape.type then
    mistyped(value, shape)
  end
  if shape.type == "number" and value % 1 ~= 0 then
    mistyped("", shape)
  end
  if shape.members then
    check_members_types(value, shape.members)
  end
  local inner = shape.element or shape.value
  if inner then
    for _, each in pairs(value) do
      check_types(each, inner)
    end
  end
end

-- ---- constraints: all failures are reported at once ----

local check_constraints

local function lower_first(name)
  return c_locale.lower(name:sub(1, 1)) .. name:sub(2)
end

-- The constraint that a text or number breaks, or nil. Values are never repeated: they are
-- names, passwords and codes.
local function broken_rule(value, shape)
  local size, what = value, "value"
  if shape.type == "string" then
    size, what = utf8.length(value), "length"
  end
  if shape.min and size < shape.min then
    return ("have %s greater than or equal to %d"):format(what, shape.min)
  end
  if shape.max and size > shape.max then
    return ("have %s less than or equal to %d"):format(what, shape.max)
  end
  if shape.enum and not tables.contains(shape.enum, value) then
    return ("satisfy enum value set: [%s]"):format(
      table.concat(shape.enum, ", "))
  end
  if shape.pattern and not value:find(shape.pattern) then
    return "satisfy regular expression pattern: " .. shape.regex
  end
end

local function check_structure(value, shape, path, found)
  for name, member in pairs(shape.members) do
    local at = path .. lower_first(name)
    if value[name] ~= nil then
      check_constraints(value[name], member, at, found)
    elseif member.required then
      found[#found + 1] = ("Value null at '%s' failed to satisfy constraint:"
        .. " Member must not be null"):format(at)
    end
  end
end

function check_constraints(value, shape, path, found)
  if shape.members then
    local prefix = path == "" and "" or path .. "."
    return check_structure(value, shape, prefix, found)
  end
  if shape.element then
    for i, each in ipairs(value) do
      check_constraints(each, shape.element, ("%s.%d.member"):format(path, i),
        found)
    end
  elseif shape.type == "string" or shape.type == "number" then
    local rule = broken_rule(value, shape)
    if rule then
      found[#found + 1] = ("Value at '%s' failed to satisfy constraint:"
        .. " Member must %s"):format(path, rule)
    end
  end
end

local function report(found)
  table.sort(found)
  errors.refuse("validation", ("%d validation error%s detected: %s"):format(
    #found, #found == 1 and "" or "s", table.concat(found, "; ")))
end

--- Reads a request's body as the input of an operation.
-- @tparam string operation the wire's name
-- @tparam string body
-- @treturn table the members, under the wire's names
-- @raise a refusal that names the member, never its value
function M.read(operation, body)
  local input, problem = json.decode(body)
  if problem then
    errors.refuse("not_json", problem)
  end
  local shape = inputs[operation]
  check_types(input, shape)
  local found = {}
  check_constraints(input, shape, "", found)
  if #found > 0 then
    report(found)
  end
  return input
end

return M
