--- Rows of functions that take what they are given and no more.
local core = require "cognito.core"

local M = {}

--- A row that calls a function with these arguments.
function M.plain(name, ...)
  local args, n = { ... }, select("#", ...)
  return { make = function() return core[name], (unpack or table.unpack)(args, 1, n) end }
end

local function types_of(...)
  local types = { ... }
  for i = 1, select("#", ...) do
    types[i] = type(types[i])
  end
  return (unpack or table.unpack)(types, 1, select("#", ...))
end

--- A row whose results differ from call to call: their types are compared.
function M.varies(name, ...)
  local row = M.plain(name, ...)
  row.shown = types_of
  return row
end

return M
