--- Parameters of any form for any operation, mostly along its shape.

local check = require "spec.fuzz.support.check"
local core = require "cognito.core"
local readers = require "spec.fuzz.support.reader"

local SECRET = "planted-secret"

local operations, described = core.operations(), {}

local function describe(name)
  described[name] = described[name] or core.describe(name)
  return described[name]
end

-- ---- parameters ----

local value_of

local scalars = {
  string = function(reader) return reader:text() end,
  boolean = function(reader) return reader:seldom(2) end,
  integer = function(reader) return reader:number() end,
  document = function(reader) return reader:value() end,
}
scalars.blob = scalars.string
scalars.long, scalars.timestamp = scalars.integer, scalars.integer

local function structure_of(reader, members, depth)
  local made = {}
  for _, member in ipairs(members) do
    if not reader:seldom(member.required and 16 or 2) then
      made[member.name] = value_of(reader, member, depth + 1)
    end
    if reader:is_done() and not member.required then break end
  end
  if reader:seldom(16) then made[reader:text()] = reader:value() end
  return made
end

local function list_of(reader, element, depth)
  local made = {}
  for i = 1, reader:byte() % 4 do made[i] = value_of(reader, element, depth + 1) end
  return made
end

local function map_of(reader, value, depth)
  local made = {}
  for _ = 1, reader:byte() % 4 do made[reader:text()] = value_of(reader, value, depth + 1) end
  return made
end

function value_of(reader, shape, depth)
  if depth > 20 or reader:seldom(32) then
    return reader:value()
  elseif shape.type == "structure" then
    return structure_of(reader, shape.members or {}, depth)
  elseif shape.type == "list" then
    return list_of(reader, shape.element, depth)
  elseif shape.type == "map" then
    return map_of(reader, shape.value, depth)
  end
  return (scalars[shape.type] or scalars.string)(reader)
end

-- ---- contexts ----

local regions = { "eu-west-1", "x", "", "a.b", ("r"):rep(64) }
local endpoints = {
  false, "https://e.example/", "http://127.0.0.1:1", "https://[::1]/a/../b", "https://e/?q", "no url",
  "https://e:99999/",
}

local function context_of(reader)
  local context = {
    region = reader:one(regions), endpoint = reader:one(endpoints) or nil,
    client_id = reader:seldom(2) and "client" or nil,
    user_pool_id = reader:seldom(2) and "eu-west-1_A" or nil, client_secret = reader:seldom(2) and SECRET or nil,
    time = 1763711391,
    credentials = not reader:seldom(8) and { access_key_id = "AKIA", secret_access_key = SECRET } or nil,
  }
  if reader:seldom(8) then context.secret_hash_username = reader:text() end
  if reader:seldom(8) then context.analytics_metadata = map_of(reader, { type = "string" }, 0) end
  if reader:seldom(16) then
    context[reader:one { "time", "region", "credentials", "endpoint" }] = reader:value()
  end
  return context
end

-- ---- checks ----

local function copied(value, depth)
  if type(value) ~= "table" or depth > 100 then return value end
  local copy = {}
  for key, inner in next, value do copy[key] = copied(inner, depth + 1) end
  return copy
end

local function unchanged(before, after, depth)
  if type(before) ~= "table" then return rawequal(before, after) or before ~= before end
  for key, inner in next, before do
    if depth < 100 and not unchanged(inner, rawget(after, key), depth + 1) then return false end
  end
  for key in next, after do
    if before[key] == nil then return false end
  end
  return true
end

local function check_headers(headers)
  for _, pair in ipairs(headers) do
    assert(core.is_token(pair[1]) and not core.check_header(pair[1], pair[2]), "what is no header")
  end
end

-- Every body is an object, and UTF-8.
local function check_request(request)
  assert(request.method == "POST" and core.read_url(request.url), "no address")
  check_headers(request.headers)
  assert(core.is_utf8(request.body), "no UTF-8")
  local value, at = core.read_json(request.body)
  assert(type(value) == "table" or at > 1, request.body)
end

local function check_error(err, operation)
  check.is_error(err)
  assert(err.operation == operation, "of another operation")
  assert(not err.message:find(SECRET, 1, true), "a secret in a message")
end

return function(bytes)
  local reader = readers.new(bytes)
  local operation = reader:one(operations)
  local context = context_of(reader)
  local params = structure_of(reader, describe(operation).input or {}, 0)
  local before = copied(params, 0)
  local ok, request, err = pcall(core.build, operation, params, context)
  assert(unchanged(before, params, 0), "the parameters were changed")
  if not ok then
    check.is_complaint(request)
  elseif request then
    check_request(request)
    -- Without a time it is the machine's that is signed.
    assert(context.time == nil or check.same(request, (core.build(operation, params, context))),
      "built differently the second time")
  else
    check_error(err, operation)
  end
end
