--- Small changes to a source: comparisons that are swapped or negated, numbers
-- off by one, signs, `and` for `or`, calls and assignments that are dropped,
-- returns without their value.

local tokens_of = require "scripts.mutation.tokens"

local SWAPS = {
  lua = { ["<"] = "<=", ["<="] = "<", [">"] = ">=", [">="] = ">", ["=="] = "~=", ["~="] = "==", ["and"] = "or",
    ["or"] = "and", ["true"] = "false", ["false"] = "true", ["not"] = "", ["*"] = "/" },
  c = { ["<"] = "<=", ["<="] = "<", [">"] = ">=", [">="] = ">", ["=="] = "!=", ["!="] = "==", ["&&"] = "||",
    ["||"] = "&&", ["!"] = "", ["+="] = "-=", ["-="] = "+=", ["++"] = "--", ["--"] = "++", ["<<"] = ">>",
    [">>"] = "<<", ["|"] = "&" },
}
local BETWEEN = { ["+"] = "-", ["-"] = "+" } -- only where an operand is on the left
local BINARY_IN_C = { ["&"] = "|", ["*"] = "/" }
local NO_OPERAND = { ["return"] = true, ["and"] = true, ["or"] = true, ["not"] = true, ["in"] = true, ["case"] = true }

local function is_operand(token)
  if not token then return false end
  if token.kind == "sign" then return token.text == ")" or token.text == "]" end
  return not NO_OPERAND[token.text]
end

local Source = {}
Source.__index = Source

function Source:add(first, last, by, line)
  local changed = self.text:sub(1, first - 1) .. by .. self.text:sub(last + 1)
  if changed ~= self.text and not self.seen[changed] then
    self.seen[changed] = true
    self.found[#self.found + 1] = { line = line, text = changed }
  end
end

function Source:replace(token, by)
  self:add(token.first, token.last, by, token.line)
end

-- What is left of a statement that goes: its line ends, or the lines below it would
-- move.
function Source:drop(from, to, by)
  local breaks = self.text:sub(from.first, to.last):gsub("[^\n]", "")
  self:add(from.first, to.last, by .. breaks, from.line)
end

-- ---- one token ----

-- The smaller or the greater of two: where they are equal it is either.
function Source:is_choice(i)
  local function text(at) return self.tokens[at] and self.tokens[at].text end
  local a, b, first, second = text(i - 1), text(i + 1), text(i + 3), text(i + 5)
  local asks = text(i + 2) .. (text(i + 4) or "")
  return (asks == "andor" or asks == "?:") and (a == first and b == second or a == second and b == first)
end

local ORDERS = { ["<"] = true, ["<="] = true, [">"] = true, [">="] = true }

function Source:sign(i)
  local token = self.tokens[i]
  local text = token.text
  if ORDERS[text] and self:is_choice(i) then return end
  local swap = SWAPS[self.language][text]
  if not swap and is_operand(self.tokens[i - 1]) then
    swap = BETWEEN[text] or (self.language == "c" and self.tokens[i - 1].kind ~= "name" and BINARY_IN_C[text])
  end
  if swap then self:replace(token, swap) end
end

local ROOM = { luaL_checkstack = true, lua_createtable = true }

-- The function whose argument this is.
function Source:called(i)
  local depth = 0
  for at = i - 1, 1, -1 do
    local text = self.tokens[at].text
    if text == ")" then depth = depth + 1 end
    if text == "(" and depth == 0 then return self.tokens[at - 1].text end
    if text == "(" then depth = depth - 1 end
    if text == ";" or text == "{" then return nil end
  end
  return nil
end

-- More room than what is declared or asked for changes nothing, and callers in C ask
-- whether what is returned is 0.
function Source:is_room_or_truth(i)
  local tokens = self.tokens
  if self.language ~= "c" then return false end
  if ROOM[self:called(i)] then return true end
  if tokens[i - 1].text == "return" then return tokens[i].text == "1" and tokens[i + 1].text == ";" end
  if tokens[i + 1].text ~= "]" or tokens[i - 1].text ~= "[" then return false end
  local before = tokens[i - 3]
  return before.kind == "name" and not NO_OPERAND[before.text] or before.text == "*" and tokens[i - 4].kind == "name"
end

function Source:number(i)
  local token = self.tokens[i]
  local value = tonumber((token.text:gsub("[uUlL]+$", "")))
  if not value or value % 1 ~= 0 or self:is_room_or_truth(i) then return end
  local suffix = token.text:match "^0[xX]%x+([uUlL]*)$" or token.text:match "^%d+([uUlL]*)$" or ""
  self:replace(token, ("%d%s"):format(value + 1, suffix))
  if value == 1 then self:replace(token, "0" .. suffix) end
end

-- The next letter or digit.
function Source:character(i)
  local token = self.tokens[i]
  local letter = self.language == "c" and token.text:match "^'(%w)'$"
  if letter then self:replace(token, ("'%s'"):format(string.char(letter:byte() + 1))) end
end

-- ---- conditions ----

local CLOSES = { ["("] = ")", ["{"] = "}", ["["] = "]" }

-- The place of what closes the bracket there.
function Source:closing(i)
  local opens = self.tokens[i].text
  local closes, depth = CLOSES[opens], 0
  for at = i, #self.tokens do
    local text = self.tokens[at].kind == "sign" and self.tokens[at].text
    if text == opens then depth = depth + 1 end
    if text == closes then depth = depth - 1 end
    if depth == 0 then return at end
  end
  return nil
end

local function find_word(tokens, i, word)
  while tokens[i] and tokens[i].text ~= word do i = i + 1 end
  return i
end

-- One comparison alone is negated where it is swapped.
function Source:is_swapped(from, to)
  for i = from, to do
    local text = self.tokens[i].text
    if text == "==" or text == "~=" or text == "!=" then return true end
  end
  return self.tokens[from].text == "not" or self.tokens[from].text == "!"
end

function Source:negate(from, to, form)
  if self:is_swapped(from, to) then return end
  local first, last = self.tokens[from].first, self.tokens[to].last
  self:add(first, last, form:format(self.text:sub(first, last)), self.tokens[from].line)
end

function Source:condition(i)
  local word = self.tokens[i].text
  if word ~= "if" and word ~= "elseif" and word ~= "while" then return end
  if self.language == "c" then
    self:negate(i + 2, self:closing(i + 1) - 1, "!(%s)")
  else
    self:negate(i + 1, find_word(self.tokens, i, word == "while" and "do" or "then") - 1, "not (%s)")
  end
end

-- ---- statements ----

local STARTS = { ["then"] = true, ["do"] = true, ["else"] = true, ["repeat"] = true, [";"] = true, ["{"] = true,
  ["}"] = true }
local WORDS = {}
for word in ("if while for return local function end else elseif repeat until do break not and or in switch case goto "
  .. "sizeof static const"):gmatch "%a+" do
  WORDS[word] = true
end

-- The first token of a line, or one behind a word that opens a block.
function Source:starts_statement(i)
  local before, token = self.tokens[i - 1], self.tokens[i]
  if token.kind ~= "name" or WORDS[token.text] or not before then return false end
  if self.language == "c" then return STARTS[before.text] or before.text == ")" or before.text == "else" end
  if STARTS[before.text] and before.text ~= "{" and before.text ~= "}" then return true end
  return before.line < token.line and (before.kind ~= "sign" or CLOSES["("] == before.text or before.text == "}"
    or before.text == "]") and not NO_OPERAND[before.text] and not self.inside[i]
end

-- Tokens within brackets are no statements, but for those of a function there.
local function inside_brackets(tokens)
  local inside, stack = {}, {}
  local OPEN = { ["function"] = true, ["do"] = true, ["if"] = true, ["repeat"] = true }
  for i, token in ipairs(tokens) do
    local text = token.text
    if token.kind == "sign" and CLOSES[text] or token.kind == "name" and OPEN[text] then
      stack[#stack + 1] = CLOSES[text] and "(" or "block"
    elseif token.kind == "sign" and (text == ")" or text == "}" or text == "]") or text == "end" or text == "until" then
      stack[#stack] = nil
    end
    inside[i] = stack[#stack] == "("
  end
  return inside
end

-- Along names, dots, colons and brackets.
function Source:end_of_path(i)
  local called = false
  while true do
    local next_token = self.tokens[i + 1]
    local text = next_token and next_token.text
    if text == "(" or text == "[" then
      called = text == "("
      i = self:closing(i + 1)
    elseif text == "." or text == ":" or text == "->" then
      i, called = i + 2, false
    elseif self.language == "lua" and next_token and next_token.kind == "string" and not called then
      i, called = i + 1, true
    else
      return i, called
    end
  end
end

function Source:call(i)
  if not self:starts_statement(i) then return end
  local last, called = self:end_of_path(i)
  if not called then return end
  if self.language == "c" then
    local asks_for_room = ROOM[self.tokens[i].text]
    if self.tokens[last + 1].text == ";" and not asks_for_room then
      self:drop(self.tokens[i], self.tokens[last], "")
    end
    return
  end
  local after = self.tokens[last + 1]
  if not after or after.text ~= "=" and after.kind == "name" then self:drop(self.tokens[i], self.tokens[last], "") end
end

-- Assignments of one line.
function Source:assignment(i)
  if self.language ~= "lua" or not self:starts_statement(i) then return end
  local last, called = self:end_of_path(i)
  if called or not self.tokens[last + 1] or self.tokens[last + 1].text ~= "=" then return end
  local to = last + 1
  while self.tokens[to + 1] and self.tokens[to + 1].line == self.tokens[i].line do to = to + 1 end
  if self.tokens[to].text ~= "end" then self:drop(self.tokens[i], self.tokens[to], "") end
end

-- ---- returns ----

local ENDS = { ["end"] = true, ["else"] = true, ["elseif"] = true, ["until"] = true }
local OPENS = { ["function"] = true, ["do"] = true, ["if"] = true, ["repeat"] = true }

function Source:last_of_return(i)
  local depth = 0
  for at = i + 1, #self.tokens do
    local text = self.tokens[at].kind == "name" and self.tokens[at].text
    if depth == 0 and ENDS[text] then return at - 1 end
    if OPENS[text] then depth = depth + 1 end
    if text == "end" or text == "until" then depth = depth - 1 end
  end
  return nil
end

function Source:value(i)
  if self.tokens[i].text ~= "return" then return end
  if self.language == "c" then
    local last = find_word(self.tokens, i, ";") - 1
    if last > i then self:drop(self.tokens[i], self.tokens[last], "return 0") end
    return
  end
  local last = self:last_of_return(i)
  if not last or last == i then return end -- of the chunk, or without a value
  local by = self.tokens[i + 1].text == "nil" and "return true" or "return nil"
  self:drop(self.tokens[i], self.tokens[last], by)
end

-- ---- all of them ----

local function look(source, i)
  local kind = source.tokens[i].kind
  if kind == "number" then return source:number(i) end
  if kind == "string" then return source:character(i) end
  source:sign(i)
  if kind == "name" then
    source:condition(i)
    source:call(i)
    source:assignment(i)
    source:value(i)
  end
end

--- @tparam string text of the source
-- @tparam string language "lua" or "c"
-- @treturn {table,...} `line`, and `text`, the whole source as changed
return function(text, language)
  local source = setmetatable({ text = text, language = language, tokens = tokens_of(text, language), found = {},
    seen = {} }, Source)
  source.inside = inside_brackets(source.tokens)
  for i = 1, #source.tokens do look(source, i) end
  return source.found
end
