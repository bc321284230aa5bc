--- Reads the service's published model and writes it down as Lua facts.
--
--     lua5.4 model/import.lua service-2.json > model/cognito_idp.lua
--
-- The file is the service description in the format that botocore ships.
-- Whatever order the JSON has, the same facts give the same bytes.
-- @module model.import
local M = {}

local USAGE = [[
usage: lua5.4 model/import.lua service-2.json > model/cognito_idp.lua

service-2.json is the description of Amazon Cognito user pools in the format
that botocore ships: botocore/data/cognito-idp/2016-04-18/service-2.json.
If paginators-1.json of the same folder is given as a second argument, the
paginators are taken from there.]]

local HEADER = [[
-- The facts of the Amazon Cognito user pools service: operations, shapes,
-- limits, errors. Written by model/import.lua from the service's published
-- model: import it anew instead of editing it. What the published model
-- does not say stands in model/overlay.lua.
return ]]

local WIDTH = 100

local function fail(...)
  error(string.format(...), 0)
end

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

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

local function mark(value)
  return value and true or nil
end

-- What is written -----------------------------------------------------------

local function error_names(operation)
  local names = {}
  for _, one in ipairs(operation.errors or {}) do
    names[#names + 1] = one.shape
  end
  table.sort(names)
  return names
end

local function operation_facts(operation)
  return {
    input = operation.input and operation.input.shape,
    output = operation.output and operation.output.shape,
    unsigned = mark(operation.authtype == "none"),
    deprecated = mark(operation.deprecated),
    errors = error_names(operation),
  }
end

local function structure_members(shape)
  local required = set_of(shape.required)
  return map(shape.members, function(member, name)
    return {
      shape = member.shape,
      required = required[name],
      sensitive = mark(member.sensitive),
      deprecated = mark(member.deprecated),
    }
  end)
end

local function sorted_copy(list)
  local copy = {}
  for i, value in ipairs(list) do
    copy[i] = value
  end
  table.sort(copy)
  return copy
end

local function shape_facts(shape)
  return {
    type = shape.type,
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
    members = shape.type == "structure" and structure_members(shape) or nil,
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
  if type(published) ~= "table" then
    fail("not a service model: it holds no JSON object")
  end
  for _, key in ipairs { "metadata", "operations", "shapes" } do
    if type(published[key]) ~= "table" then
      fail("not a service model: it has no '%s'", key)
    end
  end
  local metadata = published.metadata
  if metadata.protocol ~= "json" or metadata.jsonVersion ~= "1.1" then
    fail("a model of protocol '%s' %s: only 'json' 1.1 is known here",
      tostring(metadata.protocol), metadata.jsonVersion or "")
  end
end

--- Picks the facts that we keep from a published model.
-- @tparam table published the decoded `service-2.json`
-- @tparam[opt] table paginators the decoded `paginators-1.json`
-- @treturn table facts: `service`, `operations`, `paginators`, `shapes`
-- @raise a sentence when it is no model of a JSON 1.1 service
function M.facts(published, paginators)
  check_service(published)
  return {
    service = service_facts(published.metadata),
    operations = map(published.operations, operation_facts),
    paginators = map(
      paginators and paginators.pagination or published.paginators,
      paginator_facts),
    shapes = map(published.shapes, shape_facts),
  }
end

-- How it is written ---------------------------------------------------------

local function scalar(value)
  if type(value) == "string" then
    return string.format("%q", value)
  elseif type(value) == "number" and value % 1 == 0 then
    return string.format("%.0f", value) -- cjson may decode 12 as 12.0
  end
  return tostring(value)
end

local function key_text(key)
  return key:find("^[%a_][%w_]*$") and key or "[" .. scalar(key) .. "]"
end

-- Strings of a list, as many on a line as fit.
local function list_text(list, indent)
  local lines, line = {}, ""
  for _, value in ipairs(list) do
    local text = scalar(value) .. ","
    if #indent + 3 + #line + #text > WIDTH then
      lines[#lines + 1], line = line, ""
    end
    line = line == "" and text or line .. " " .. text
  end
  lines[#lines + 1] = line
  local inner = "\n" .. indent .. "  "
  if #lines == 1 and #indent + #line + 24 < WIDTH then
    return "{ " .. line:gsub(",$", "") .. " }"
  end
  return "{" .. inner .. table.concat(lines, inner) .. "\n" .. indent .. "}"
end

local function is_flat(t)
  for _, value in pairs(t) do
    if type(value) == "table" then
      return false
    end
  end
  return true
end

local function render(value, indent)
  if type(value) ~= "table" then
    return scalar(value)
  elseif next(value) == nil then
    return "{}"
  elseif value[1] ~= nil then
    return list_text(value, indent)
  end
  local parts = {}
  for _, key in ipairs(sorted_keys(value)) do
    parts[#parts + 1] = key_text(key) .. " = "
      .. render(value[key], indent .. "  ")
  end
  local line = "{ " .. table.concat(parts, ", ") .. " }"
  if is_flat(value) and #indent + #line + 24 < WIDTH then
    return line
  end
  local inner = "\n" .. indent .. "  "
  return "{" .. inner .. table.concat(parts, "," .. inner) .. ",\n"
    .. indent .. "}"
end

--- Writes facts as the text of a Lua file: sorted, one line a member.
-- @tparam table facts what `facts` returned
-- @treturn string the text of model/cognito_idp.lua
function M.render(facts)
  return HEADER .. render(facts, "") .. "\n"
end

local function read_json(path)
  local file, problem = io.open(path, "rb")
  if not file then
    fail("cannot read %s", problem)
  end
  local text = file:read("*a")
  file:close()
  local ok, value = pcall(require("cjson").decode, text or "")
  if not ok then
    fail("%s holds no JSON: %s", path, value)
  end
  return value
end

local function import(model_path, paginators_path)
  local published = read_json(model_path)
  local paginators = paginators_path and read_json(paginators_path)
  local ok, facts = pcall(M.facts, published, paginators)
  if not ok then
    fail("%s is %s", model_path, facts)
  end
  return M.render(facts)
end

--- Runs the importer as a command.
-- @tparam file out where the facts are written
-- @tparam file err where complaints are written
-- @tparam ?string model_path path of `service-2.json`
-- @tparam[opt] string paginators_path path of `paginators-1.json`
-- @treturn integer exit status: 0, 1 for a bad file, 2 for a wrong call
function M.main(out, err, model_path, paginators_path)
  if not model_path or model_path:find("^%-") then
    err:write(USAGE, "\n")
    return 2
  end
  local ok, text = pcall(import, model_path, paginators_path)
  if not ok then
    err:write("import.lua: ", text, "\n")
    return 1
  end
  out:write(text)
  return 0
end

if ... == "model.import" then
  return M
end
os.exit(M.main(io.stdout, io.stderr, ...))
