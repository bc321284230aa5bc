--- Builds HTML out of tables. Texts and attributes are escaped here and nowhere
-- else, so that no page can forget to.
--
--     tostring(html.p { class = "hint", "5 < 6, says ", html.b { name } })
--
-- String keys are attributes: `true` stands alone, false and nil are left out.
-- The list holds texts and elements, false counts as nothing.

local html = {}

local element_mt = { __tostring = function(element) return element.text end }

local escapes = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function escape(text)
  return (tostring(text):gsub("[&<>\"']", escapes))
end

-- Elements without contents, which have no end tag either.
local void = { img = true, input = true, link = true, meta = true }

-- In the order of their names: the same page is the same bytes in every worker.
local function attributes(node)
  local names = {}
  for name, value in pairs(node) do
    if type(name) == "string" and value then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  for i, name in ipairs(names) do
    local value = node[name]
    names[i] = value == true and " " .. name or (' %s="%s"'):format(name, escape(value))
  end
  return table.concat(names)
end

local function contents(node)
  local parts = {}
  for i = 1, table.maxn(node) do
    local child = node[i]
    if getmetatable(child) == element_mt then
      parts[#parts + 1] = child.text
    elseif child then
      parts[#parts + 1] = escape(child)
    end
  end
  return table.concat(parts)
end

local function build(name, node)
  local text = ("<%s%s>"):format(name, attributes(node))
  if not void[name] then
    text = text .. contents(node) .. "</" .. name .. ">"
  end
  return setmetatable({ text = text }, element_mt)
end

-- html.h1, html.input and so on are made when they are first used.
return setmetatable(html, {
  __index = function(_, name)
    local function element(node) return build(name, node) end
    html[name] = element
    return element
  end,
})
