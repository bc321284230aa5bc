--- Tables of named values (settings, options), checked against a list of
-- what they may hold. What is wrong here is wrong in the program: it raises.
-- @module cognito.check

local client_secrets = require "cognito.client_secrets"
local native = require "cognito.native"
local tables = require "cognito.tables"

local M = {}

local function finite(value)
  return value == value and value < math.huge
end

-- Kinds of values by name: each returns nil, or what the value must be.
local kinds = {}

local function kind(name, wanted, test)
  kinds[name] = function(value)
    if test(value) then
      return nil
    elseif wanted:find(type(value), 1, true) then
      return wanted
    end
    return ("%s, not a %s"):format(wanted, type(value))
  end
end

local function is(wanted)
  return function(value) return type(value) == wanted end
end

kind("string", "a string that is not empty", function(v) return type(v) == "string" and v ~= "" end)
kind("text", "a string", is "string")
kind("boolean", "true or false", is "boolean")
kind("table", "a table", is "table")
kind("function", "a function", is "function")
kind("seconds", "a number of seconds above 0", function(v) return type(v) == "number" and v > 0 and finite(v) end)
kind("count", "a whole number above 0", function(v)
  return type(v) == "number" and v >= 1 and finite(v) and v == math.floor(v)
end)
kind("rate", "a number above 0", function(v) return type(v) == "number" and v > 0 and finite(v) end)
kind("amount", "a number, 0 or more", function(v) return type(v) == "number" and v >= 0 and finite(v) end)
kind("anything", "anything", function() return true end)
kind("secret", "a string that is not empty, one or two of them in a table, or a function", function(v)
  return type(v) == "function" or (type(v) == "string" and v ~= "") or client_secrets.is_list(v)
end)
kind("strategy", "a table with a function 'delay'", function(v)
  return type(v) == "table" and type(v.delay) == "function"
end)
kind("table_or_function", "a table or a function", function(v)
  return type(v) == "table" or type(v) == "function"
end)

local function unknown(name, known, what)
  local nearest = type(name) == "string" and native.nearest(name, tables.sorted_keys(known))
  return ("unknown %s '%s'%s"):format(what, tostring(name), nearest and ("; did you mean '%s'?"):format(nearest) or "")
end

--- Raises unless every entry of `given` is known and of its kind.
-- @tparam table given
-- @tparam table known name to kind
-- @tparam string what one entry is called, like "setting"
-- @tparam number level whom to blame, as in `error`
-- @raise a sentence that names the entry, and for an unknown one the nearest
function M.entries(given, known, what, level)
  for name, value in pairs(given) do
    local wanted_kind = known[name]
    if not wanted_kind then
      error(unknown(name, known, what), level + 1)
    end
    local wanted = kinds[wanted_kind](value)
    if wanted then -- the value itself may be a secret
      error(("%s '%s' must be %s"):format(what, name, wanted), level + 1)
    end
  end
end

return M
