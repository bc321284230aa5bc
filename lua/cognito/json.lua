--- lua-cjson for what has no shape and no fine points: lists of users, reports,
-- notes of our own. An instance remembers the decimal point of the locale that
-- it was made in, so another locale gets another instance.
-- @module cognito.json

local cjson = require "cjson"

local M = {}

local DEEPEST = 8

local instance, made_in

local function codec()
  local locale = os.setlocale(nil, "numeric")
  if not instance or locale ~= made_in then
    instance, made_in = cjson.new(), locale
    instance.decode_max_depth(DEEPEST)
  end
  return instance
end

--- Reads JSON.
-- @tparam string text
-- @return value, with `cjson.null` for null
-- @raise when it is none, or nested too deep
function M.decode(text)
  return codec().decode(text)
end

--- Writes JSON.
-- @param value
-- @treturn string
-- @raise for what JSON cannot say
function M.encode(value)
  return codec().encode(value)
end

return M
