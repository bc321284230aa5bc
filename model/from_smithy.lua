--- Reads a service model in the format in which AWS publishes its models: the
-- JSON abstract syntax tree of Smithy 2.0 (smithy.io/2.0/spec/json-ast.html).
-- @module model.from_smithy
local c_locale = require "cognito.c_locale"
local refuse = require "model.refuse"

-- Types and shapes of Smithy's prelude that botocore's format, and so the
-- generator, has under other names.
local types = {
  enum = "string", intEnum = "integer", byte = "integer", short = "integer",
  document = "structure",
}
local prelude = {
  Blob = "blob", Boolean = "boolean", PrimitiveBoolean = "boolean", String = "string",
  Byte = "integer", Short = "integer", Integer = "integer", PrimitiveInteger = "integer",
  Long = "long", PrimitiveLong = "long", Timestamp = "timestamp", Document = "structure",
}

local function trait(shape, name)
  return shape.traits and shape.traits["smithy.api#" .. name]
end

local function name_of(id)
  return (id:gsub("^.*#", ""))
end

local function mark(value)
  return value ~= nil or nil
end

local function check_traits(shape, name)
  local format = trait(shape, "timestampFormat")
  if format and format ~= "epoch-seconds" then
    refuse(name, "the timestamp format " .. format)
  end
  for what, article in pairs {
    endpoint = "a host prefix", hostLabel = "a host label", streaming = "a stream",
    requestCompression = "request compression", idempotencyToken = "an idempotency token",
    httpChecksumRequired = "a required checksum", sparse = "a list with nulls",
  } do
    if trait(shape, what) then
      refuse(name, article)
    end
  end
end

-- Mixins add members and traits that stand in other shapes.
local function check_mixins(shape, name)
  if shape.mixins and shape.mixins[1] then
    refuse(name, "mixins")
  end
end

-- What every reference to a shape goes through: shapes of the prelude stand
-- in no model, so they are written down when the first reference is met.
local function reader(shapes)
  local facts = {}
  local function refer(reference)
    local id, name = reference.target, name_of(reference.target)
    if id == "smithy.api#Unit" then
      return nil
    elseif id:find "^smithy%.api#" and not facts[name] then
      facts[name] = {
        type = refuse.unless_known(prelude[name], id),
        document = name == "Document" or nil, members = name == "Document" and {} or nil,
      }
    elseif not id:find "^smithy%.api#" and not shapes[id] then
      error(("a model that refers to '%s' and has no such shape"):format(id), 0)
    end
    return name
  end
  return facts, refer
end

local function members_of(shape, structure, refer)
  local members = {}
  for name, member in pairs(shape.members or {}) do
    check_traits(member, structure .. "." .. name)
    members[name] = {
      shape = refer(member),
      required = mark(trait(member, "required")),
      sensitive = mark(trait(member, "sensitive")),
      deprecated = mark(trait(member, "deprecated")),
    }
  end
  return members
end

local function enum_of(shape)
  local values = {}
  for name, member in pairs(shape.type == "enum" and shape.members or {}) do
    values[#values + 1] = trait(member, "enumValue") or name
  end
  for _, one in ipairs(trait(shape, "enum") or {}) do -- Smithy 1.0
    values[#values + 1] = one.value
  end
  table.sort(values, c_locale.before)
  return values[1] and values
end

local function shape_facts(shape, name, refer)
  check_traits(shape, name)
  check_mixins(shape, name)
  if shape.type == "union" then
    refuse(name, "a union")
  end
  local limits = trait(shape, "length") or trait(shape, "range") or {}
  local kind = refuse.unless_known(types[shape.type] or shape.type, name)
  return {
    type = kind,
    min = limits.min,
    max = limits.max,
    pattern = trait(shape, "pattern"),
    enum = enum_of(shape),
    sensitive = mark(trait(shape, "sensitive")),
    deprecated = mark(trait(shape, "deprecated")),
    exception = mark(trait(shape, "error")),
    document = shape.type == "document" or nil,
    element = kind == "list" and refer(shape.member) or nil,
    value = kind == "map" and refer(shape.value) or nil,
    members = kind == "structure" and members_of(shape, name, refer) or nil,
  }
end

-- `auth` with no scheme in it: the operation takes no credentials.
local function is_unsigned(shape)
  local auth = trait(shape, "auth")
  return trait(shape, "optionalAuth") ~= nil or (auth ~= nil and auth[1] == nil)
end

local function operation_facts(shape, name, refer, common_errors)
  check_traits(shape, name)
  check_mixins(shape, name)
  local errors, seen = {}, {}
  for _, list in ipairs { shape.errors or {}, common_errors } do
    for _, reference in ipairs(list) do
      local one = refer(reference)
      errors[#errors + 1], seen[one] = not seen[one] and one or nil, true
    end
  end
  table.sort(errors, c_locale.before)
  return {
    input = refer(shape.input),
    output = shape.output and refer(shape.output),
    unsigned = is_unsigned(shape) or nil,
    deprecated = mark(trait(shape, "deprecated")),
    errors = errors,
  }
end

-- An operation says only what the service does not say for all of them.
local function paginator_facts(shape, service)
  local own, common = trait(shape, "paginated"), trait(service, "paginated") or {}
  return own and {
    input_token = own.inputToken or common.inputToken,
    output_token = own.outputToken or common.outputToken,
    limit_key = own.pageSize or common.pageSize,
    result_key = own.items or common.items,
  }
end

local function service_facts(service, id)
  local api = service.traits["aws.api#service"] or {}
  local sigv4 = service.traits["aws.auth#sigv4"] or {}
  local prefix = api.endpointPrefix or api.arnNamespace or sigv4.name
  return {
    api_version = service.version,
    json_version = "1.1",
    endpoint_prefix = prefix,
    service_id = api.sdkId,
    signing_name = sigv4.name or prefix,
    target_prefix = name_of(id),
  }
end

local function find_service(shapes)
  local service, service_id
  for id, shape in pairs(shapes) do
    if shape.type == "service" then
      if service then
        error("a model of several services: only one is known here", 0)
      end
      service, service_id = shape, id
    end
  end
  if not service then
    error("not a service model: no shape in it is a service", 0)
  elseif not (service.traits and service.traits["aws.protocols#awsJson1_1"]) then
    error("a model of another protocol: only awsJson1_1 is known here", 0)
  end
  check_mixins(service, name_of(service_id))
  return service, service_id
end

-- What another version means by the same words is not known.
local function check_version(version)
  if not tostring(version):find "^[12]%.%d" and not tostring(version):find "^[12]$" then
    error(("a model of Smithy %s: only 1.0 and 2.0 are known here"):format(tostring(version)), 0)
  end
end

local not_data = { service = true, resource = true, operation = true }

--- Picks the facts that we keep from a published model.
-- @tparam table published the decoded model
-- @treturn table facts: `service`, `operations`, `paginators`, `shapes`
-- @raise a sentence when it is no model of an AWS JSON 1.1 service, or when it
--   holds what the generator cannot carry
return function(published)
  check_version(published.smithy)
  if type(published.shapes) ~= "table" then
    error("not a service model: it has no 'shapes'", 0)
  end
  local service, id = find_service(published.shapes)
  local facts, refer = reader(published.shapes)
  local operations, paginators = {}, {}
  for shape_id, shape in pairs(published.shapes) do
    local name = name_of(shape_id)
    if shape.type == "operation" then
      operations[name] = operation_facts(shape, name, refer, service.errors or {})
      paginators[name] = paginator_facts(shape, service)
    elseif not not_data[shape.type] then
      facts[name] = shape_facts(shape, name, refer)
    end
  end
  return { service = service_facts(service, id), operations = operations, paginators = paginators, shapes = facts }
end
