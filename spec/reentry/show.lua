--- Values as one text, tables with their keys in order.
local show

local function show_table(t, depth)
  local parts = {}
  for key, value in pairs(t) do
    parts[#parts + 1] = tostring(key) .. "=" .. show(value, depth + 1)
  end
  table.sort(parts)
  return "{" .. table.concat(parts, ",") .. "}"
end

show = function(value, depth)
  if type(value) == "table" and depth < 20 then
    return show_table(value, depth)
  elseif type(value) == "function" or type(value) == "userdata" then
    return type(value)
  end
  return tostring(value)
end

return function(...)
  local parts = {}
  for i = 1, select("#", ...) do
    parts[i] = show((select(i, ...)), 0)
  end
  return table.concat(parts, " ")
end
