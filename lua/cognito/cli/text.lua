--- Texts on a terminal: how wide they are, and how they are cut and quoted.
-- @module cognito.cli.text

local printable = require "cognito.printable"

local M = {}

local decode, is_plain, is_within = printable.decode, printable.is_plain, printable.is_within

local no_columns = {
  { 0x300, 0x36F }, { 0x483, 0x489 }, { 0x591, 0x5BD }, { 0x610, 0x61A }, { 0x64B, 0x65F }, { 0x1AB0, 0x1AFF },
  { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
}

local two_columns = {
  { 0x1100, 0x115F }, { 0x2E80, 0x303E }, { 0x3041, 0xA4CF }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF },
  { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F900, 0x1F9FF },
  { 0x20000, 0x3FFFD },
}

local function columns_of(point)
  if point < 0x300 then return 1 end
  if is_within(no_columns, point) then return 0 end
  return is_within(two_columns, point) and 2 or 1
end

--- A text in one line, with nothing in it but what can be seen.
-- @function M.clean
-- @param text
-- @treturn string
M.clean = printable.clean

--- A text as JSON may hold it: bytes that are no UTF-8 become U+FFFD.
-- @tparam string text
-- @treturn string
function M.repair(text)
  if not text:find "[\128-\255]" then
    return text
  end
  local parts, at = {}, 1
  while at <= #text do
    local point, size = decode(text, at)
    parts[#parts + 1] = point and text:sub(at, at + size - 1) or "\239\191\189"
    at = at + size
  end
  return table.concat(parts)
end

--- How many columns of a terminal a clean text takes.
-- @tparam string text
-- @treturn integer
function M.width(text)
  if is_plain(text) then
    return #text
  end
  local columns, at = 0, 1
  while at <= #text do
    local point, size = decode(text, at)
    columns, at = columns + columns_of(point or 0), at + size
  end
  return columns
end

-- As much of a text as fits.
local function beginning(text, columns)
  local at = 1
  while at <= #text do
    local point, size = decode(text, at)
    columns = columns - columns_of(point or 0)
    if columns < 0 then
      break
    end
    at = at + size
  end
  return text:sub(1, at - 1)
end

--- A clean text, cut where it is too long for so many columns.
-- @tparam string text
-- @tparam integer columns
-- @treturn string
function M.cut(text, columns)
  if M.width(text) <= columns then
    return text
  elseif columns < 1 then
    return ""
  end
  return beginning(text, columns - 1) .. "\226\128\166" -- an ellipsis
end

--- A clean text of exactly so many columns: cut, or filled with spaces.
-- @tparam string text
-- @tparam integer columns
-- @treturn string
function M.fit(text, columns)
  text = M.cut(text, columns)
  return text .. (" "):rep(columns - M.width(text))
end

--- How many there are, with the word for one or for several.
-- @tparam number n
-- @tparam string one like "call"
-- @tparam[opt] string many "calls" unless given
-- @treturn string
function M.count(n, one, many)
  return ("%.0f %s"):format(n, n == 1 and one or many or one .. "s")
end

--- A word as a shell takes it.
-- @tparam string word
-- @treturn[1] string
-- @treturn[2] nil when it holds what should not be shown
function M.shell_word(word)
  if M.clean(word) ~= word then
    return nil
  elseif word:find "^[%w_./:@+][%w_./:@+=-]*$" then
    return word
  end
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

--- The last argument of a command, as it is to be typed: none that begins
-- with a hyphen is an option.
-- @tparam string word
-- @treturn[1] string
-- @treturn[2] nil when it holds what should not be shown
function M.shell_argument(word)
  local shown = M.shell_word(word)
  return shown and (word:find "^%-" and "-- " or "") .. shown
end

--- An option with its argument, as they are to be typed.
-- @tparam string option like "--journal"
-- @tparam string word its argument
-- @treturn string with three dots where the argument should not be shown
function M.shell_option(option, word)
  return option .. (word:find "^%-" and "=" or " ") .. (M.shell_word(word) or "...")
end

return M
