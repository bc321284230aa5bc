--- LuaSQL's SQLite driver as one version or the other behaves, over the one
-- that is installed.
--
-- For an empty result 2.6 fetches nothing; 2.8 first fetches a row without
-- columns, and then runs the statement again. PostgreSQL's driver hands numbers
-- over as texts, with a point whatever the locale is.

local c_locale = require "cognito.c_locale"

local M = {}

local Cursor = {}
Cursor.__index = Cursor

function Cursor:close()
  return self.real:close()
end

local function first_of(self, into, mode)
  local row, message = self.real:fetch(into, mode)
  if row and next(row) ~= nil or message then
    return row, message
  elseif self.is_newer then
    return row or {}
  end
  return nil
end

local function fetch_again(self, into, mode)
  self.real:close()
  self.real = assert(self.connection:execute(self.sql))
  local row = self.real:fetch(into, mode)
  return row and next(row) ~= nil and row or nil
end

local function fetch(self, into, mode)
  self.n = self.n + 1
  if self.n == 1 then
    local row, message = first_of(self, into, mode)
    self.is_empty = row ~= nil and next(row) == nil
    return row, message
  elseif self.n == 2 and self.is_empty then
    return fetch_again(self, into, mode)
  end
  return self.real:fetch(into, mode)
end

-- As PostgreSQL writes a number.
local function text_of(value)
  if type(value) ~= "number" then return value end
  return c_locale.format(value % 1 == 0 and "%.0f" or "%.17g", value)
end

function Cursor:fetch(into, mode)
  local row, message = fetch(self, into, mode)
  if row and self.as_texts then
    for name, value in pairs(row) do row[name] = text_of(value) end
  end
  return row, message
end

local Connection = {}
Connection.__index = Connection

function Connection:execute(sql)
  local result, message = self.real:execute(sql)
  if not result or type(result) == "number" then
    return result, message
  end
  return setmetatable({ real = result, connection = self.real, sql = sql, n = 0,
    is_newer = self.is_newer, as_texts = self.as_texts }, Cursor)
end

function Connection:close()
  return self.real:close()
end

local Environment = {}
Environment.__index = Environment

function Environment:connect(path)
  local connection, message = self.real:connect(path)
  if not connection then return nil, message end
  return setmetatable({ real = connection, is_newer = self.is_newer, as_texts = self.as_texts }, Connection)
end

function Environment:close()
  return self.real:close()
end

local function driver(is_newer, as_texts)
  local real = require "luasql.sqlite3"
  return { sqlite3 = function()
    return setmetatable({ real = real.sqlite3(), is_newer = is_newer, as_texts = as_texts }, Environment)
  end }
end

--- The driver as 2.6 behaves.
-- @treturn table
function M.older()
  return driver(false)
end

--- The driver as 2.8 behaves.
-- @treturn table
function M.newer()
  return driver(true)
end

--- The driver with numbers as PostgreSQL's hands them over.
-- @treturn table
function M.texts()
  return driver(false, true)
end

return M
