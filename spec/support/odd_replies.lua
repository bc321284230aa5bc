--- Replies with one odd member: for each member of a reply each JSON value of
-- another type than the model's, in turn, and the member missing.

local native = require "cognito.native"

local M = {}

-- JSON texts; false: the member is missing.
M.values = {
  false, "null", "true", "false", "0", "1", "-1", "1.5", "1e18", "-1e18", '""', '"x"', '"TRUE"', '"\\u0000"', "[]",
  "[null]", "[1]", '["x"]', "[[]]", "[{}]", "{}", '{"x":1}', '{"Name":7}',
}

-- One of each kind, for readers that take their time.
M.few = { false, "null", "true", "0", "1.5", '""', '"x"', '"\\u0000"', "[]", "[null]", "[{}]", '{"x":1}' }

local PLACE = "\1odd\1"

-- Every place in a value: visited as the list of its keys.
local function each_place(value, path, visit)
  for key, inner in pairs(type(value) == "table" and value or {}) do
    path[#path + 1] = key
    visit(path)
    each_place(inner, path, visit)
    path[#path] = nil
  end
end

local function replaced(value, path, i, with)
  if i > #path then
    return with
  end
  local copy = {}
  for key, inner in pairs(type(value) == "table" and value or {}) do
    copy[key] = inner
  end
  local inner = replaced(copy[path[i]], path, i + 1, with)
  if inner == nil and type(path[i]) == "number" then
    table.remove(copy, path[i])
  else
    copy[path[i]] = inner
  end
  return setmetatable(copy, getmetatable(value))
end

local function odd_body(reply, path, json)
  local body = assert(native.write_json(replaced(reply, path, 1, json and PLACE or nil)))
  return (body:gsub('"\\u0001odd\\u0001"', function() return json end))
end

--- The odd versions of a reply.
-- @tparam string body JSON
-- @tparam[opt] table also members that may be there, as a list of paths
-- @tparam[opt] table values else all of them
-- @treturn {table,...} each `body` and `label`
function M.of(body, also, values)
  local reply, list, paths = assert(native.read_json(body)), {}, {}
  each_place(reply, {}, function(path) paths[#paths + 1] = { (table.unpack or unpack)(path) } end)
  for _, path in ipairs(also or {}) do
    paths[#paths + 1] = path
  end
  for _, path in ipairs(paths) do
    for _, json in ipairs(values or M.values) do
      list[#list + 1] = { body = odd_body(reply, path, json), label = table.concat(path, ".") .. " = "
        .. (json or "missing") }
    end
  end
  return list
end

--- A reply with every member that the model has, each list and map with one
-- entry.
-- @tparam table members as `native.describe` lists them
-- @tparam[opt=6] number depth
-- @treturn table for `write_json`
function M.full(members, depth)
  local scalars = { string = "x", integer = 1, long = 1, double = 1.5, float = 1.5, boolean = true, timestamp = 1.5,
    blob = "eA==", document = { x = 1 } }
  local function value_of(shape, left)
    if shape.type == "list" then
      return native.list { left > 0 and shape.element and value_of(shape.element, left - 1) or nil }
    elseif shape.type == "map" then
      return { x = shape.value and value_of(shape.value, left - 1) or nil }
    elseif shape.type == "structure" then
      return left > 0 and shape.members and M.full(shape.members, left - 1) or {}
    end
    return scalars[shape.type] or "x"
  end
  local reply = {}
  for _, member in ipairs(members) do
    reply[member.wire_name] = value_of(member, depth or 6)
  end
  return reply
end

return M
