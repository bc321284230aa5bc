--- Shows requests and replies without what must not be shown.
-- @module cognito.redact

local operations = require "cognito.operations"
local printable = require "cognito.printable"

local MASK = printable.MASK

-- A table where a text belongs, or a text where a number does, is a mistake and
-- may be anything.
local TEXT = { string = true, blob = true }
local STRUCTURED = { structure = true, list = true, map = true }

local redact_value

-- Members of a structure by name. A name that requests and replies share may
-- be sensitive in one of them: then it is in both.
local function index(members, into)
  for _, member in ipairs(members or {}) do
    local known = into[member.name]
    if not known or member.sensitive then
      into[member.name] = member
    end
  end
  return into
end

-- An unknown member may be anything: it is masked.
local function redact_members(members, value)
  local shown = {}
  for name, inner in pairs(value) do
    shown[name] = MASK
    if members[name] then
      shown[name] = redact_value(members[name], inner)
    end
  end
  return shown
end

local function redact_each(shape, value)
  local shown = {}
  for key, inner in pairs(value) do
    shown[key] = redact_value(shape, inner)
  end
  return shown
end

function redact_value(shape, value)
  if shape.sensitive or shape.type == "document" then
    return MASK
  elseif type(value) == "string" then
    return TEXT[shape.type] and value or MASK
  elseif type(value) ~= "table" then
    return STRUCTURED[shape.type] and MASK or value
  elseif shape.type == "structure" then
    return redact_members(index(shape.members, {}), value)
  elseif shape.type == "list" then
    return redact_each(shape.element, value)
  elseif shape.type == "map" then
    return redact_each(shape.value, value)
  end
  return MASK
end

local members_of = {}

--- A copy of an operation's parameters or result with every password, code,
-- secret, token, hash, personal address and free text replaced.
-- @tparam string operation
-- @tparam table value
-- @treturn table
-- @raise for an unknown operation, and where value is not a table
return function(operation, value)
  if type(value) ~= "table" then
    error("redact takes a table, not a " .. type(value), 2)
  end
  if not members_of[operation] then
    local described = operations.describe(operation, "redact", 2)
    members_of[operation] = index(described.output, index(described.input, {}))
  end
  return redact_members(members_of[operation], value)
end
