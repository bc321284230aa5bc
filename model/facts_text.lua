--- Writes facts of the service as the text of a Lua file.
-- @module model.facts_text
local tables = require "cognito.tables"

local HEADER = [[
-- The facts of the Amazon Cognito user pools service: operations, shapes,
-- limits, errors. Written by model/import.lua from the service's published
-- model: import it anew instead of editing it. What the published model
-- does not say stands in model/overlay.lua.
return ]]

local WIDTH = 100

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
  for _, key in ipairs(tables.sorted_keys(value)) do
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

--- Writes facts as the text of a Lua file: sorted, one line a member, and the
-- same bytes for the same facts.
-- @tparam table facts what `model.from_botocore` or `model.from_smithy` returned
-- @treturn string the text of model/cognito_idp.lua
return function(facts)
  return HEADER .. render(facts, "") .. "\n"
end
