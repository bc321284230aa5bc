--- The list of a release's parts, in CycloneDX 1.5's JSON:
--
--     lua5.4 scripts/sbom.lua VERSION SECONDS SHA256
--
-- SECONDS since 1970 is the release's time, SHA256 the digest of its sources. The
-- same arguments give the same bytes.
local version, seconds, sha256 = arg[1], tonumber(arg[2]), arg[3]
local dependencies = dofile "scripts/dependencies.lua"

-- ---- JSON, in the order that it is written in ----

local function quote(text)
  return '"' .. text:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

local write

local function object(pairs_of_it, indent)
  local lines = {}
  for _, pair in ipairs(pairs_of_it) do
    lines[#lines + 1] = ("%s  %s: %s"):format(indent, quote(pair[1]), write(pair[2], indent .. "  "))
  end
  return "{\n" .. table.concat(lines, ",\n") .. "\n" .. indent .. "}"
end

local function list(items, indent)
  local lines = {}
  for i, item in ipairs(items) do lines[i] = indent .. "  " .. write(item, indent .. "  ") end
  return #lines == 0 and "[]" or "[\n" .. table.concat(lines, ",\n") .. "\n" .. indent .. "]"
end

-- An object is { object = { { name, value }, ... } }, a list any other table.
function write(value, indent)
  if type(value) == "string" then
    return quote(value)
  elseif type(value) == "number" then
    return ("%d"):format(value)
  end
  return value.object and object(value.object, indent) or list(value, indent)
end

-- ---- the parts ----

local function licences(id)
  return { { object = { { "license", { object = { { "id", id } } } } } } }
end

local function property(name, value)
  return { object = { { "name", "lua-cognito:" .. name }, { "value", value } } }
end

local function component(part)
  local properties = {}
  if part.oldest then properties[1] = property("oldest", part.oldest) end
  if part["for"] then properties[#properties + 1] = property("for", part["for"]) end
  return { object = {
    { "type", "library" },
    { "bom-ref", part.purl },
    { "name", part.name },
    { "scope", part["for"] and "optional" or "required" },
    { "licenses", licences(part.licence) },
    { "purl", part.purl },
    { "properties", properties },
  } }
end

local function each(map)
  local found = {}
  for i, part in ipairs(dependencies) do found[i] = map(part) end
  return found
end

-- Made of the digest, with the bits of a random UUID (RFC 9562, section 5.4).
local function serial_number()
  return ("urn:uuid:%s-%s-4%s-8%s-%s"):format(sha256:sub(1, 8), sha256:sub(9, 12), sha256:sub(14, 16),
    sha256:sub(18, 20), sha256:sub(21, 32))
end

local own = ("pkg:luarocks/lua-cognito@%s-1"):format(version) -- the rock, of the first revision of its rockspec

io.write(write({ object = {
  { "bomFormat", "CycloneDX" },
  { "specVersion", "1.5" },
  { "serialNumber", serial_number() },
  { "version", 1 },
  { "metadata", { object = {
    { "timestamp", os.date("!%Y-%m-%dT%H:%M:%SZ", seconds) },
    { "component", { object = {
      { "type", "library" },
      { "bom-ref", own },
      { "name", "lua-cognito" },
      { "version", version },
      { "hashes", { { object = { { "alg", "SHA-256" }, { "content", sha256 } } } } },
      { "licenses", licences "MIT" },
      { "purl", own },
    } } },
  } } },
  { "components", each(component) },
  { "dependencies", { { object = {
    { "ref", own },
    { "dependsOn", each(function(part) return part.purl end) },
  } } } },
} }, ""), "\n")
