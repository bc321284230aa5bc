--- Every word of the site, in every language. `texts.sign_in_title` is in the
-- language of the request at hand; `texts.all.de.sign_in_title` is German.

local html = require "site.html"
local languages = require "site.languages"

local texts = { all = {} }

-- The placeholders of a text, in the order of the alphabet.
local function placeholders(text)
  local names = {}
  for name in text:gmatch "{(%w+)}" do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, " ")
end

-- A missing text keeps nginx from starting, as a missing setting does.
local function check(name, model)
  for key, text in pairs(model) do
    local own = texts.all[name][key]
    if type(own) ~= "string" or own == "" then
      error(("site/texts/%s.lua has no text '%s'"):format(name, key), 0)
    elseif placeholders(own) ~= placeholders(text) then
      error(("site/texts/%s.lua: the text '%s' has not the placeholders of the English one"):format(name, key), 0)
    end
  end
end

for _, name in ipairs(languages.list) do
  texts.all[name] = require("site.texts." .. name)
  check(name, texts.all[languages.list[1]])
end

--- The language of the request at hand.
-- @treturn string
function texts.language()
  local ctx = ngx.ctx
  ctx.language = ctx.language or languages.choose(ngx.var.http_accept_language)
  return ctx.language
end

--- A text that there may not be, in the language of the request at hand.
-- @tparam string key
-- @treturn ?string
function texts.find(key)
  return texts.all[texts.language()][key]
end

--- Fills the placeholders of a text.
-- @tparam string text
-- @tparam table values texts by name
-- @treturn string
function texts.fill(text, values)
  return (text:gsub("{(%w+)}", function(name) return values[name] end))
end

--- A text whose placeholders stand out, as the contents of an element.
-- @tparam string text
-- @tparam table values texts by name
-- @treturn table list of texts and elements
function texts.parts(text, values)
  local parts, from = {}, 1
  for before, name, after in text:gmatch "()%{(%w+)%}()" do
    parts[#parts + 1] = text:sub(from, before - 1)
    parts[#parts + 1] = html.strong { dir = "auto", values[name] }
    from = after
  end
  parts[#parts + 1] = text:sub(from)
  return parts
end

return setmetatable(texts, {
  __index = function(_, key)
    return texts.find(key) or error("there is no text '" .. tostring(key) .. "'", 2)
  end,
})
