--- Joins the facts of the service and our overlay into one checked model.
-- @module model.resolve
local c_locale = require "cognito.c_locale"
local names = require "model.names"
local tables = require "cognito.tables"

local snake = names.snake

local function fail(...)
  error(string.format(...), 0)
end

local function by_name(a, b)
  return c_locale.before(a.name, b.name)
end

-- Lua names of one scope: each may stand for one name of the service only.
local function scope(what)
  local taken = {}
  return function(wire)
    local name = snake(wire)
    if taken[name] then
      fail("%s and %s of %s would both be called '%s'", taken[name], wire,
        what, name)
    end
    taken[name] = wire
    return name
  end
end

-- ---- the overlay by operation ----

local function check_operation(facts, name, where)
  if not facts.operations[name] then
    fail("the overlay's %s names operation '%s', which the model lacks",
      where, name)
  end
end

local function check_member(facts, shape, member, where)
  local fact = facts.shapes[shape]
  if not (fact and fact.members and fact.members[member]) then
    fail("the overlay's %s names member '%s' of '%s', which the model lacks",
      where, member, shape)
  end
  return fact.members[member]
end

local function effects_of(facts, overlay)
  local effects = {}
  for _, effect in ipairs(tables.sorted_keys(overlay.effects)) do
    for _, name in ipairs(overlay.effects[effect]) do
      check_operation(facts, name, "class '" .. effect .. "'")
      if effects[name] then
        fail("operation '%s' has two effect classes, '%s' and '%s'", name,
          effects[name], effect)
      end
      effects[name] = effect
    end
  end
  for _, name in ipairs(tables.sorted_keys(facts.operations)) do
    if not effects[name] then
      fail("operation '%s' has no effect class: give it one in "
        .. "model/overlay.lua", name)
    end
  end
  return effects
end

local function check_rule(facts, overlay, rule)
  local name, member, value, effect = rule[1], rule[2], rule[3], rule[4]
  check_operation(facts, name, "rules")
  local fact = check_member(facts, facts.operations[name].input, member,
    "rules")
  local shape = facts.shapes[fact.shape]
  local known = not shape.enum
  for _, one in ipairs(shape.enum or {}) do
    known = known or one == value
  end
  if shape.type ~= "string" or not known then
    fail("the overlay's rule for '%s' compares %s with '%s', which it never "
      .. "is", name, member, value)
  elseif not overlay.effects[effect] then
    fail("the overlay's rule for '%s' names the unknown class '%s'", name,
      effect)
  end
end

-- One sentence, so that a table's cell or a hover can hold it.
local function sentences_of(facts, overlay)
  local sentences = overlay.sentences
  for _, name in ipairs(tables.sorted_keys(sentences)) do
    check_operation(facts, name, "sentences")
    if not sentences[name]:find("^%u[^\n]*%.$") then
      fail("the sentence for operation '%s' is none: a capital, one line, a full stop", name)
    end
  end
  for _, name in ipairs(tables.sorted_keys(facts.operations)) do
    if not sentences[name] then
      fail("operation '%s' has no sentence: say in model/sentences.lua what it does and when to call it", name)
    end
  end
  return sentences
end

local function rules_of(facts, overlay)
  local rules = {}
  for _, rule in ipairs(overlay.rules) do
    check_rule(facts, overlay, rule)
    local list = rules[rule[1]] or {}
    rules[rule[1]] = list
    list[#list + 1] =
      { member = snake(rule[2]), value = rule[3], effect = rule[4] }
  end
  return rules
end

local function secrets_of(facts, overlay)
  local secrets = {}
  for _, kind in ipairs(tables.sorted_keys(overlay.secrets)) do
    local places = overlay.secrets[kind]
    for _, name in ipairs(places) do
      check_operation(facts, name, "secrets")
      check_member(facts, facts.operations[name].input, places.member,
        "secrets")
      local member = facts.shapes[facts.operations[name].input].members[places.member]
      secrets[name] = {
        kind = kind,
        member = snake(places.member),
        whole = facts.shapes[member.shape].type == "string", -- not an entry of a map
      }
    end
  end
  return secrets
end

local function unsigned_of(facts, overlay)
  local unsigned = {}
  for _, name in ipairs(overlay.unsigned) do
    check_operation(facts, name, "list of unsigned operations")
    if facts.operations[name].unsigned then
      fail("operation '%s' is unsigned in the model, too: take it off the "
        .. "overlay's list", name)
    end
    unsigned[name] = true
  end
  return unsigned
end

local function sensitive_members_of(facts, overlay)
  local sensitive = {}
  for _, pair in ipairs(overlay.sensitive_members) do
    check_member(facts, pair[1], pair[2], "sensitive_members")
    sensitive[pair[1] .. "." .. pair[2]] = true
  end
  return sensitive
end

local function sensitive_shapes_of(facts, overlay)
  local sensitive = {}
  for _, name in ipairs(overlay.sensitive_shapes) do
    if not facts.shapes[name] then
      fail("the overlay's sensitive_shapes names '%s', which the model lacks",
        name)
    end
    sensitive[name] = true
  end
  return sensitive
end

-- ---- shapes ----

local function shape_type(fact)
  return fact.document and "document" or fact.type
end

local function reach(facts, reached, name, from)
  if reached[name] then
    return
  end
  local fact = facts.shapes[name]
  if not fact then
    fail("%s refers to shape '%s', which the model lacks", from, name)
  end
  reached[name] = {
    name = name,
    type = shape_type(fact),
    min = fact.min,
    max = fact.max,
    pattern = fact.pattern,
    enum = fact.enum,
  }
  for member, member_fact in pairs(fact.members or {}) do
    reach(facts, reached, member_fact.shape, name .. "." .. member)
  end
  for _, inner in ipairs { fact.element or fact.value } do
    reach(facts, reached, inner, name)
  end
end

-- A shape within itself would make the model's own walks endless.
local function check_depth(facts, name, path)
  if path[name] then
    fail("shape '%s' holds itself: such shapes are not supported", name)
  end
  local fact = facts.shapes[name]
  path[name] = true
  for _, member in pairs(fact.members or {}) do
    check_depth(facts, member.shape, path)
  end
  for _, inner in ipairs { fact.element or fact.value } do
    check_depth(facts, inner, path)
  end
  path[name] = nil
end

-- Exceptions are no part of it: what is read of an error is always the same.
local function reached_shapes(facts)
  local reached = {}
  for name, operation in pairs(facts.operations) do
    if not operation.input then
      fail("operation '%s' has no input shape", name)
    end
    for _, shape in ipairs { operation.input, operation.output } do
      reach(facts, reached, shape, "operation " .. name)
      if reached[shape].type ~= "structure" then
        fail("'%s' of operation '%s' is no structure", shape, name)
      end
      check_depth(facts, shape, {})
    end
  end
  return reached
end

local function members_of(shape, fact, shapes, sensitive)
  local members = {}
  local lua_name = scope(shape.name)
  for _, wire in ipairs(tables.sorted_keys(fact.members)) do
    local member = fact.members[wire]
    local target = shapes[member.shape]
    members[#members + 1] = {
      name = lua_name(wire),
      wire = wire,
      shape = target,
      required = member.required or false,
      deprecated = member.deprecated or false,
      sensitive = member.sensitive or target.sensitive
        or sensitive[shape.name .. "." .. wire] or false,
    }
  end
  return members
end

local function shapes_of(facts, overlay)
  local shapes = reached_shapes(facts)
  local sensitive_shapes = sensitive_shapes_of(facts, overlay)
  local sensitive_members = sensitive_members_of(facts, overlay)
  for name, shape in pairs(shapes) do
    shape.sensitive =
      facts.shapes[name].sensitive or sensitive_shapes[name] or false
  end
  local list = {}
  for _, name in ipairs(tables.sorted_keys(shapes)) do
    local shape, fact = shapes[name], facts.shapes[name]
    if shape.type == "structure" then
      shape.members = members_of(shape, fact, shapes, sensitive_members)
    end
    shape.element = fact.element and shapes[fact.element]
    shape.value = fact.value and shapes[fact.value]
    list[#list + 1] = shape
    shape.index = #list - 1
  end
  return list, shapes
end

-- ---- operations ----

local function filled_in(operation, overlay)
  local filled, fills = {}, {}
  for _, wire in ipairs(overlay.filled) do
    fills[wire] = true
  end
  for _, member in ipairs(operation.input.members) do
    if member.required and fills[member.wire] then
      filled[member.name] = true
    end
  end
  return filled
end

local function paginator_of(paginator)
  return paginator and {
    input = snake(paginator.input_token),
    output = snake(paginator.output_token),
    limit = paginator.limit_key and snake(paginator.limit_key),
    result = snake(paginator.result_key),
  }
end

local function operations_of(facts, overlay, shapes)
  local effects = effects_of(facts, overlay)
  local sentences = sentences_of(facts, overlay)
  local rules = rules_of(facts, overlay)
  local secrets = secrets_of(facts, overlay)
  local unsigned = unsigned_of(facts, overlay)
  local lua_name = scope("the operations")
  local list = {}
  for _, wire in ipairs(tables.sorted_keys(facts.operations)) do
    local fact = facts.operations[wire]
    local operation = {
      name = lua_name(wire),
      wire = wire,
      sentence = sentences[wire],
      input = shapes[fact.input],
      output = shapes[fact.output],
      errors = fact.errors,
      signed = not (fact.unsigned or unsigned[wire]),
      deprecated = fact.deprecated or false,
      effect = effects[wire],
      rules = rules[wire] or {},
      secret = secrets[wire],
      paginator = paginator_of(facts.paginators[wire]),
    }
    operation.filled = filled_in(operation, overlay)
    list[#list + 1] = operation
  end
  table.sort(list, by_name)
  return list
end

--- Joins facts and overlay, and checks each against the other.
-- @tparam table facts as model/import.lua writes them
-- @tparam table overlay as model/overlay.lua is written
-- @treturn table model: `service`, `operations` sorted by Lua name, `shapes`
--   sorted by name and with members sorted by wire name; shapes stand for
--   themselves, not by name
-- @raise a sentence that names the operation, shape or member at fault
return function(facts, overlay)
  local list, shapes = shapes_of(facts, overlay)
  return {
    service = facts.service,
    shapes = list,
    operations = operations_of(facts, overlay, shapes),
  }
end
