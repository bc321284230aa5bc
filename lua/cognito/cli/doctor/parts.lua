--- Optional parts: the modules of others that single commands need, whether
-- they are here, and how to install those that are not.
-- @module cognito.cli.doctor.parts

local M = {}

local parts = {
  { name = "LuaSocket", module = "socket", use = "cognito sandbox", debian = "lua-socket", rock = "luasocket" },
  { name = "LuaSQL for SQLite", module = "luasql.sqlite3", use = "cognito bulk with a journal in a file",
    debian = "lua-sql-sqlite3", rock = "luasql-sqlite3" },
  { name = "LuaSQL for PostgreSQL", module = "luasql.postgres", use = "cognito bulk with a journal in PostgreSQL",
    debian = "lua-sql-postgres", rock = "luasql-postgres" },
}

-- "LuaSQL 2.6.0 (for Lua 5.4)" is 2.6.0; 2.8.1 says "LuaSQL KG_VERSION (for Lua 5.4)".
local function version_of(module)
  local words = type(module) == "table" and module._VERSION
  return type(words) == "string" and words:match "^%a+ (%d%S*)" or "of an unknown version"
end

local function to_install(part)
  return ("apt install %s, or luarocks --lua-version=%s install %s"):format(part.debian, _VERSION:match "%d+%.%d+",
    part.rock)
end

-- A module that is there may lack a library, or be built for another Lua.
local function check(report, part)
  local found, module = pcall(require, part.module)
  if found then
    report:ok("part", ("%s %s, for %s"):format(part.name, version_of(module), part.use))
    return
  end
  local message = tostring(module)
  if message:find(("module '%s' not found"):format(part.module), 1, true) then
    report:note("part", ("%s is missing: only %s needs it"):format(part.name, part.use), to_install(part))
  else
    report:note("part", ("%s cannot be loaded: %s"):format(part.name, message:match "[^\n]*"), "If it was built for"
      .. " another Lua, " .. to_install(part))
  end
end

--- Says which of them are here.
-- @tparam table report
function M.check(report)
  for _, part in ipairs(parts) do
    check(report, part)
  end
end

return M
