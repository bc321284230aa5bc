--- The command as `make install` puts it down: run by the Lua that it was
-- built for, and with the folders that its modules are in.
--
--     lua5.4 scripts/installed_command.lua bin/cognito LUA LUADIR LIBDIR
local path, lua, share, lib = (table.unpack or unpack)(arg) -- luacheck: ignore 143

-- Lua takes two characters for its own in a path.
local function checked(folder)
  if folder:find "[;?]" then
    io.stderr:write(("%s: Lua finds no modules in a folder with ; or ? in its name; choose another PREFIX\n")
      :format(folder))
    os.exit(2)
  end
  return folder:find "^/" and folder or os.getenv "PWD" .. "/" .. folder
end

local file = assert(io.open(path))
local text = file:read "*a"
file:close()

local function replace(line, by)
  local from, to = text:find(line, 1, true)
  assert(from, "bin/cognito has another form")
  text = text:sub(1, from - 1) .. by .. text:sub(to + 1)
end

local interpreter = lua:find("/", 1, true) and lua or "/usr/bin/env " .. lua
replace("#!/usr/bin/env lua\n", ("#!%s\n"):format(interpreter))
replace("local share, lib = false, false\n", ("local share, lib = %q, %q\n"):format(checked(share), checked(lib)))
io.write(text)
