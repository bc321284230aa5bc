--- Reads a service model in the format that botocore ships: `service-2.json`,
-- and beside it `paginators-1.json`.
-- @module model.from_botocore
local c_locale = require "cognito.c_locale"
local refuse = require "model.refuse"

local function map(t, f)
  local out = {}
  for key, value in pairs(t or {}) do
    out[key] = f(value, key)
  end
  return out
end

local function set_of(list)
  local set = {}
  for _, value in ipairs(list or {}) do
    set[value] = true
  end
  return set
end

local function sorted_copy(list)
  local copy = {}
  for i, value in ipairs(list) do
    copy[i] = value
  end
  table.sort(copy, c_locale.before)
  return copy
end

local function mark(value)
  return value and true or nil
end

-- Some operations list an error twice.
local function error_names(operation)
  local names, seen = {}, {}
  for _, one in ipairs(operation.errors or {}) do
    names[#names + 1] = not seen[one.shape] and one.shape or nil
    seen[one.shape] = true
  end
  table.sort(names, c_locale.before)
  return names
end

local function check_operation(operation, name)
  if operation.endpoint and operation.endpoint.hostPrefix then
    refuse(name, "a host prefix")
  elseif operation.requestcompression then
    refuse(name, "request compression")
  elseif operation.eventstream then
    refuse(name, "an event stream")
  elseif operation.httpChecksumRequired or operation.httpChecksum then
    refuse(name, "a required checksum")
  elseif operation.authtype and operation.authtype ~= "none" and operation.authtype ~= "v4" then
    refuse(name, "the signature " .. operation.authtype)
  end
end

local function operation_facts(operation, name)
  check_operation(operation, name)
  return {
    input = operation.input and operation.input.shape,
    output = operation.output and operation.output.shape,
    unsigned = mark(operation.authtype == "none"),
    deprecated = mark(operation.deprecated),
    errors = error_names(operation),
  }
end

local function check_timestamp(fact, name)
  if fact.timestampFormat and fact.timestampFormat ~= "unixTimestamp" then
    refuse(name, "the timestamp format " .. fact.timestampFormat)
  end
end

-- Names of the wire, and places that are not the body, in which botocore's
-- JSON protocol would put a value.
local function check_location(fact, name)
  if fact.location then
    refuse(name, "the location " .. fact.location)
  elseif fact.locationName then
    refuse(name, "the name '" .. fact.locationName .. "' on the wire")
  end
end

local function member_facts(member, name, required)
  check_timestamp(member, name)
  check_location(member, name)
  if member.idempotencyToken then
    refuse(name, "an idempotency token")
  elseif member.hostLabel then
    refuse(name, "a host label")
  end
  return {
    shape = member.shape,
    required = required,
    sensitive = mark(member.sensitive),
    deprecated = mark(member.deprecated),
  }
end

local function structure_members(shape, structure)
  local required = set_of(shape.required)
  return map(shape.members, function(member, name)
    return member_facts(member, structure .. "." .. name, required[name])
  end)
end

local function check_shape(shape, name)
  check_timestamp(shape, name)
  if shape.union then
    refuse(name, "a union")
  elseif shape.eventstream or shape.streaming then
    refuse(name, "a stream")
  end
  for _, part in ipairs { "member", "key", "value" } do
    check_location(shape[part] or {}, name .. "." .. part)
  end
end

local function shape_facts(shape, name)
  check_shape(shape, name)
  return {
    type = refuse.unless_known(shape.type, name),
    min = shape.min,
    max = shape.max,
    pattern = shape.pattern,
    enum = shape.enum and sorted_copy(shape.enum),
    sensitive = mark(shape.sensitive),
    deprecated = mark(shape.deprecated),
    exception = mark(shape.exception),
    document = mark(shape.document),
    element = shape.type == "list" and shape.member.shape or nil,
    value = shape.type == "map" and shape.value.shape or nil,
    members = shape.type == "structure" and structure_members(shape, name) or nil,
  }
end

local function paginator_facts(paginator)
  return {
    input_token = paginator.input_token,
    output_token = paginator.output_token,
    limit_key = paginator.limit_key,
    result_key = paginator.result_key,
  }
end

local function service_facts(metadata)
  return {
    api_version = metadata.apiVersion,
    json_version = metadata.jsonVersion,
    endpoint_prefix = metadata.endpointPrefix,
    service_id = metadata.serviceId,
    signing_name = metadata.signingName or metadata.endpointPrefix,
    target_prefix = metadata.targetPrefix,
  }
end

local function check_service(published)
  for _, key in ipairs { "metadata", "operations", "shapes" } do
    if type(published[key]) ~= "table" then
      error(("not a service model: it has no '%s'"):format(key), 0)
    end
  end
  local metadata = published.metadata
  if metadata.protocol ~= "json" or metadata.jsonVersion ~= "1.1" then
    error(("a model of protocol '%s' %s: only 'json' 1.1 is known here"):format(
      tostring(metadata.protocol), metadata.jsonVersion or ""), 0)
  end
end

--- Picks the facts that we keep from a published model.
-- @tparam table published the decoded `service-2.json`
-- @tparam[opt] table paginators the decoded `paginators-1.json`; without it
--   `published.paginators` counts
-- @treturn table facts: `service`, `operations`, `paginators`, `shapes`
-- @raise a sentence when it is no model of a JSON 1.1 service, when the
--   paginators are missing, or when it holds what the generator cannot carry
return function(published, paginators)
  check_service(published)
  local pages = paginators and paginators.pagination or published.paginators
  if type(pages) ~= "table" then
    error("without its paginators: paginators-1.json belongs beside it", 0)
  end
  return {
    service = service_facts(published.metadata),
    operations = map(published.operations, operation_facts),
    paginators = map(pages, paginator_facts),
    shapes = map(published.shapes, shape_facts),
  }
end
