--- Compiles a module for the Lua that runs this, and prints the bytecode:
--
--     lua5.4 scripts/bytecode.lua lua/cognito/init.lua /usr/local/share/lua/5.4/cognito/init.lua 1
--
-- The second path is the one that tracebacks name. "stripped" instead of 1
-- leaves out lines and names; Lua 5.1 and 5.2 always keep them.
local path, named, how = (table.unpack or unpack)(arg) -- luacheck: ignore 143

if how ~= "1" and how ~= "stripped" then
  io.stderr:write("BYTECODE is 1, or stripped, which leaves out the lines that errors name\n")
  os.exit(2)
end

local file = assert(io.open(path, "rb"))
local text = file:read "*a"
file:close()
io.write(string.dump(assert((loadstring or load)(text, "@" .. named)), how == "stripped")) -- luacheck: ignore 113 143
