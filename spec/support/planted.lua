--- Secrets that can be recognized wherever they turn up: planted in requests
-- and replies by the model's marks, and looked for in texts and tables.

local M = {}

local WORD = "Pl4nted"

--- A secret that no other text holds.
-- @tparam string place
-- @treturn string
function M.secret(place)
  return ("%s.%s.%s"):format(WORD, place:gsub("[^%w.]", "-"), WORD)
end

-- ---- in values of the model's shapes ----

local fill

local function fill_members(members, plant, path, sensitive, wire)
  local value = {}
  for _, member in ipairs(members or {}) do
    value[wire and member.wire_name or member.name] =
      fill(member, plant, path .. "." .. member.name, sensitive, wire)
  end
  return value
end

local makers = {}

function makers.string(shape, plant, path, sensitive)
  local value = sensitive and plant(path) or "x"
  return type(value) == "string" and value .. ("x"):rep((shape.min or 0) - #value) or value
end

function makers.structure(shape, plant, path, sensitive, wire)
  return fill_members(shape.members, plant, path, sensitive, wire)
end

function makers.list(shape, plant, path, sensitive, wire)
  return { fill(shape.element, plant, path .. "[1]", sensitive, wire) }
end

function makers.map(shape, plant, path, sensitive, wire)
  return { K = fill(shape.value, plant, path .. ".K", sensitive, wire) }
end

function makers.blob() return "eHh4" end
function makers.boolean() return true end
function makers.integer(shape) return shape.min or 1 end
function makers.document() return { x = "x" } end

function fill(shape, plant, path, sensitive, wire)
  return (makers[shape.type] or makers.integer)(shape, plant, path, sensitive or shape.sensitive, wire)
end

--- Parameters or a reply with a secret in each sensitive text.
-- @tparam table members as `cognito.describe` has them
-- @tparam function plant takes a text's path, returns what stands there
-- @tparam[opt=false] boolean wire whether members have the service's names
-- @treturn table
function M.fill(members, plant, wire)
  return fill_members(members, plant, "", false, wire)
end

-- ---- in what is seen ----

local function add_all(value, seen, parts)
  parts[#parts + 1] = tostring(value)
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  for key, inner in pairs(value) do
    add_all(key, seen, parts)
    add_all(inner, seen, parts)
  end
end

--- A value with all that it holds, and what `tostring` makes of each, as a text.
-- @param value
-- @treturn string
function M.dump(value)
  local parts = {}
  add_all(value, {}, parts)
  return table.concat(parts, "\n")
end

local function base64(text)
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  local coded = {}
  for a, b, c in text:gmatch "(.)(.)(.)" do
    local bits = (a:byte() * 256 + b:byte()) * 256 + c:byte()
    for i = 3, 0, -1 do
      local at = math.floor(bits / 64 ^ i) % 64 + 1
      coded[#coded + 1] = alphabet:sub(at, at)
    end
  end
  return table.concat(coded)
end

-- The word as it is, in hexadecimal, and in base64 at each of three offsets;
-- all of them are looked for in lower case.
local traces = { WORD:lower(), (WORD:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) }
for offset = 1, 3 do traces[#traces + 1] = base64(WORD:sub(offset)):lower() end

--- Whether a text holds a secret, or a part of one, in whatever coding.
-- @tparam string text
-- @treturn ?string what stands around it
function M.found(text)
  local lower = text:lower()
  for _, trace in ipairs(traces) do
    local at = lower:find(trace, 1, true)
    if at then return text:sub(math.max(1, at - 60), at + 60) end
  end
  return nil
end

return M
