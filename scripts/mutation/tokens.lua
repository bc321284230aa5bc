--- Lua and C as tokens: `{ kind, text, first, last, line }`, with kinds "name",
-- "number", "string" and "sign". Comments, and C's directives, are left out.

local SIGNS = {
  lua = { "...", "..", "==", "~=", "<=", ">=", "//", "::" },
  c = { "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=" },
}

-- ---- Lua ----

-- The end of what begins with [[ or [==[ here.
local function long_end(text, at)
  local level = text:match("^%[(=*)%[", at)
  if not level then return nil end
  local _, last = text:find("]" .. level .. "]", at, true)
  return last
end

local function quoted_end(text, at)
  local quote, place = text:sub(at, at), at + 1
  while text:sub(place, place) ~= quote do
    if text:sub(place, place) == "\\" then place = place + 1 end
    place = place + 1
  end
  return place
end

local skip = {}

function skip.lua(text, at)
  if text:sub(at, at + 1) ~= "--" then return nil end
  return long_end(text, at + 2) or (text:find("\n", at, true) or #text + 1) - 1
end

local string_end = {}

function string_end.lua(text, at)
  if text:find("^[\"']", at) then return quoted_end(text, at) end
  return long_end(text, at)
end

-- ---- C ----

local function directive_end(text, at)
  local last = text:find("[^\\]\n", at)
  return last or #text
end

function skip.c(text, at)
  if text:sub(at, at + 1) == "/*" then return select(2, text:find("*/", at, true)) end
  if text:sub(at, at) == "#" then return directive_end(text, at) end
  return nil
end

function string_end.c(text, at)
  return text:find("^[\"']", at) and quoted_end(text, at) or nil
end

-- ---- both ----

local function sign_at(text, at, language)
  for _, sign in ipairs(SIGNS[language]) do
    if text:sub(at, at + #sign - 1) == sign then return sign end
  end
  return text:sub(at, at)
end

local function token_at(text, at, language)
  local last = string_end[language](text, at)
  if last then return "string", last end
  last = select(2, text:find("^[%a_][%w_]*", at))
  if last then return "name", last end
  last = select(2, text:find("^%d[%w.]*", at))
  if last then return "number", last end
  return "sign", at + #sign_at(text, at, language) - 1
end

--- @tparam string text
-- @tparam string language "lua" or "c"
-- @treturn {table,...}
return function(text, language)
  local tokens, at, line = {}, 1, 1
  local function pass(last)
    line = line + select(2, text:sub(at, last):gsub("\n", ""))
    at = last + 1
  end
  while at <= #text do
    local space = select(2, text:find("^%s+", at)) or skip[language](text, at)
    if space then
      pass(space)
    else
      local kind, last = token_at(text, at, language)
      tokens[#tokens + 1] = { kind = kind, text = text:sub(at, last), first = at, last = last, line = line }
      pass(last)
    end
  end
  return tokens
end
