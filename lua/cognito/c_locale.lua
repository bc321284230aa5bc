--- Letters, order and numbers as the C locale has them, whatever locale the
-- program has set: words of a protocol are ASCII, and their numbers have a
-- point. `string.lower`, `<`, `tonumber` and `string.format` follow the locale
-- (in Turkish the small letter of I is not i; in German 1.5 is 1,5).
-- @module cognito.c_locale
local M = {}

local small, capital = {}, {}
for byte = 65, 90 do
  small[string.char(byte)] = string.char(byte + 32)
  capital[string.char(byte + 32)] = string.char(byte)
end

-- LuaJIT's own are these, and compiled.
local jit = rawget(_G, "jit")

--- Small letters for the capital ones of ASCII.
-- @function lower
-- @tparam string text
-- @treturn string
M.lower = jit and string.lower or function(text)
  return (text:gsub("[A-Z]", small))
end

--- Capital letters for the small ones of ASCII.
-- @function upper
-- @tparam string text
-- @treturn string
M.upper = jit and string.upper or function(text)
  return (text:gsub("[a-z]", capital))
end

--- Whether a text comes before another one, byte by byte: for `table.sort`.
-- @tparam string a
-- @tparam string b
-- @treturn boolean
function M.before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = a:byte(i), b:byte(i)
    if x ~= y then
      return x < y
    end
  end
  return #a < #b
end

-- The decimal point of the program's locale, which may be longer than a byte.
local function point()
  return ("%.1f"):format(0.5):match "^0(.+)5$"
end

-- LuaJIT's tonumber knows no exponent of so many digits; each of them makes 0 or infinity.
local function with_short_exponent(text)
  return (text:gsub("([eE][+-]?)0*[1-9]%d%d%d%d%d+$", "%165536"))
end

--- What `tonumber` returns for a text with a point.
-- @tparam ?string|number text
-- @treturn ?number
function M.tonumber(text)
  local number = tonumber(text)
  if number or type(text) ~= "string" then
    return number
  end
  text = text:gsub("%.", (point():gsub("%%", "%%%%")))
  return tonumber(text) or jit and tonumber(with_short_exponent(text)) or nil
end

--- A number as text with a point.
-- @tparam string form as `string.format` takes it, one number and no more
-- @tparam number number
-- @treturn string
function M.format(form, number)
  local text, mark = form:format(number), point()
  if mark == "." then
    return text
  end
  local at, last = text:find(mark, 1, true)
  return at and text:sub(1, at - 1) .. "." .. text:sub(last + 1) or text
end

return M
