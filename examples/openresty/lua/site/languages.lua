--- The language of a page, by the Accept-Language header (RFC 9110, section
-- 12.5.4) and the lookup of RFC 4647, section 3.4: "de-AT" is served German.

local languages = {}

--- The first is for visitors who ask for none of them. For another one add a
-- file to texts/, and its name here.
languages.list = { "en", "de", "es", "fr", "ja" }

-- Languages that are written from right to left, should one be added.
local leftwards = { ar = true, fa = true, he = true, ur = true }

local known = {}
for _, name in ipairs(languages.list) do
  known[name] = true
end

--- The direction of a language's script.
-- @tparam string name
-- @treturn string "ltr" or "rtl"
function languages.direction(name)
  return leftwards[name] and "rtl" or "ltr"
end

-- A weight has three decimals at most; any other text is no weight.
local function weight_of(parameters)
  local text = parameters:match ";%s*[qQ]%s*=%s*([^;%s]*)"
  if not text then
    return 1
  end
  local valid = text == "0" or text == "1" or text:find "^0%.%d?%d?%d?$" or text:find "^1%.0?0?0?$"
  return valid and tonumber(text) or nil
end

-- The weights that a visitor gives to our languages; "*" stands for the rest.
-- Of two ranges of one language, "de-AT" and "de", the larger weight counts.
local function weights_of(header)
  local weights, order = {}, {}
  for range in header:gmatch "[^,]+" do
    local name, parameters = range:match "^%s*([%a*]+)[%w-]*%s*(.*)$"
    local weight = name and (parameters == "" or parameters:find "^;") and weight_of(parameters)
    name = name and name:lower()
    if weight and (known[name] or name == "*") then
      if not weights[name] then order[#order + 1] = name end
      weights[name] = math.max(weights[name] or 0, weight)
    end
  end
  return weights, order
end

-- With "*" come those that were not named, in our order.
local function expanded(weights, order)
  if not weights["*"] then
    return order
  end
  local all = {}
  for _, name in ipairs(order) do
    if name ~= "*" then all[#all + 1] = name end
  end
  for _, name in ipairs(languages.list) do
    if not weights[name] then
      weights[name], all[#all + 1] = weights["*"], name
    end
  end
  return all
end

--- The best of our languages for a visitor.
-- @tparam ?string header Accept-Language
-- @treturn string a name of the list
function languages.choose(header)
  local weights, order = weights_of(header or "")
  local best, most = languages.list[1], 0
  for _, name in ipairs(expanded(weights, order)) do
    if weights[name] > most then
      best, most = name, weights[name]
    end
  end
  return best
end

return languages
