--- Names as people see them: the same letters in one spelling (NFC), and in
-- lower case.
--
-- "é" can be one character or two, and files from different systems hold
-- either. Lua has no normalisation; of its Unicode libraries luautf8 and
-- slnunicode have none either, lutf8proc is of 2014 and for Lua up to 5.3, and
-- ICU would weigh more than this library. So the canonical mappings stand in a
-- table (`unicode_data`), and this is the algorithm of Unicode Standard Annex
-- #15. The table is read when the first name that is not ASCII comes.
-- @module cognito.unicode

local printable = require "cognito.printable"

local M = {}

-- Hangul syllables are composed by arithmetic (The Unicode Standard, 3.12).
local HANGUL, LEADING, VOWEL, TRAILING = 0xAC00, 0x1100, 0x1161, 0x11A7
local LEADINGS, VOWELS, TRAILINGS = 19, 21, 28

-- ---- the table ----

local lower, classes, decomposed, composed

local function number(digits)
  return tonumber(digits, 16)
end

-- With a sign, which `tonumber` takes with a base on some versions only.
local function difference(text)
  local sign, digits = text:match "^(%-?)(%x+)$"
  return sign == "-" and -number(digits) or number(digits)
end

local function read_lower(text)
  lower = {}
  for first, count, step, moved in text:gmatch "(%x+),(%x+),(%x+),(%-?%x+)" do
    local c = number(first)
    for _ = 1, number(count) do
      lower[c] = c + difference(moved)
      c = c + number(step)
    end
  end
end

local function read_classes(text)
  classes = {}
  for first, count, class in text:gmatch "(%x+),(%x+),(%x+)" do
    for c = number(first), number(first) + number(count) - 1 do
      classes[c] = number(class)
    end
  end
end

local function read_decompositions(text)
  decomposed, composed = {}, {}
  for whole, kind, one, other in text:gmatch "(%x+)([=~])(%x+),?(%x*)" do
    local c, first, second = number(whole), number(one), number(other)
    decomposed[c] = { first, second }
    if kind == "=" then
      composed[first] = composed[first] or {}
      composed[first][second] = c
    end
  end
end

local function load()
  if not lower then
    local data = require "cognito.unicode_data"
    read_classes(data.classes)
    read_decompositions(data.decompositions)
    read_lower(data.lower)
  end
end

-- ---- UTF-8 ----

local REPLACEMENT = 0xFFFD -- for bytes that are not UTF-8

local function decode(text)
  local list, at = {}, 1
  while at <= #text do
    local c, size = printable.decode(text, at)
    list[#list + 1] = c or REPLACEMENT
    at = at + size
  end
  return list
end

--- A code point as UTF-8.
-- @tparam integer c
-- @treturn string
function M.character(c)
  local tail = ""
  if c < 0x80 then
    return string.char(c)
  end
  local most = 0x40
  repeat
    tail = string.char(0x80 + c % 64) .. tail
    c, most = math.floor(c / 64), most / 2
  until c < most
  return string.char(256 - 2 * most + c) .. tail
end

local function encode(list)
  local parts = {}
  for i, c in ipairs(list) do
    parts[i] = M.character(c)
  end
  return table.concat(parts)
end

-- ---- decomposition ----

local function add_syllable(list, c)
  local index = c - HANGUL
  list[#list + 1] = LEADING + math.floor(index / (VOWELS * TRAILINGS))
  list[#list + 1] = VOWEL + math.floor(index / TRAILINGS) % VOWELS
  if index % TRAILINGS > 0 then
    list[#list + 1] = TRAILING + index % TRAILINGS
  end
end

local function add_decomposed(list, c)
  local parts = decomposed[c]
  if c >= HANGUL and c < HANGUL + LEADINGS * VOWELS * TRAILINGS then
    add_syllable(list, c)
  elseif not parts then
    list[#list + 1] = c
  else
    add_decomposed(list, parts[1])
    if parts[2] then
      add_decomposed(list, parts[2])
    end
  end
end

-- Marks of different classes have no order of their own: the lowest class
-- first. Those of one class keep theirs.
local function order(list)
  for i = 2, #list do
    local c, at = list[i], i
    local class = classes[c]
    while class and at > 1 and (classes[list[at - 1]] or 0) > class do
      list[at] = list[at - 1]
      at = at - 1
    end
    list[at] = c
  end
  return list
end

local function decompose(list)
  local all = {}
  for _, c in ipairs(list) do
    add_decomposed(all, c)
  end
  return order(all)
end

-- ---- composition ----

local function compose_syllable(a, b)
  local vowel, trailing = b - VOWEL, b - TRAILING
  if a >= LEADING and a < LEADING + LEADINGS and vowel >= 0 and vowel < VOWELS then
    return HANGUL + ((a - LEADING) * VOWELS + vowel) * TRAILINGS
  elseif a >= HANGUL and a < HANGUL + LEADINGS * VOWELS * TRAILINGS and (a - HANGUL) % TRAILINGS == 0
      and trailing > 0 and trailing < TRAILINGS then
    return a + trailing
  end
end

local function compose_pair(a, b)
  return composed[a] and composed[a][b] or compose_syllable(a, b)
end

-- A mark joins the last starter unless one of its own class, or a higher one,
-- stands between them.
local function compose(list)
  local kept, starter, last = {}, nil, 0
  for _, c in ipairs(list) do
    local class = classes[c] or 0
    local is_next = starter == #kept
    local joined = starter and (is_next or last < class) and compose_pair(kept[starter], c)
    if joined then
      kept[starter] = joined
    else
      kept[#kept + 1] = c
      last = class
      if class == 0 then
        starter = #kept
      end
    end
  end
  return kept
end

-- ---- what others call ----

local function is_ascii(text)
  return not text:find "[\128-\255]"
end

--- A text in Normalization Form C.
-- @tparam string text UTF-8
-- @treturn string
function M.nfc(text)
  if is_ascii(text) then
    return text
  end
  load()
  return encode(compose(decompose(decode(text))))
end

--- A text in Normalization Form D.
-- @tparam string text UTF-8
-- @treturn string
function M.nfd(text)
  if is_ascii(text) then
    return text
  end
  load()
  return encode(decompose(decode(text)))
end

-- `string.lower` follows the locale of the host program.
local function ascii_lower(text)
  return (text:gsub("[A-Z]", function(c) return string.char(c:byte() + 32) end))
end

--- A text in lower case, character by character: no character becomes two, as
-- in most languages' `equalsIgnoreCase`.
-- @tparam string text UTF-8
-- @treturn string
function M.lower(text)
  if is_ascii(text) then
    return ascii_lower(text)
  end
  load()
  local list = decode(text)
  for i, c in ipairs(list) do
    list[i] = lower[c] or c
  end
  return encode(list)
end

--- The number of characters in a text.
-- @tparam string text UTF-8
-- @treturn number
function M.length(text)
  return select(2, text:gsub("[^\128-\191]", ""))
end

return M
