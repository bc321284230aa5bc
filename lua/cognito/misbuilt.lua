--- Why the C half of the library cannot be loaded, in a sentence.
--
-- The loader reports a file that was built for another Lua by the first symbol
-- that it misses. So the file is read instead: it says what it was built for.
-- @module cognito.misbuilt

-- Returns what people call this Lua, and its name for `make`.
local function this_lua()
  local jit = rawget(_G, "jit")
  if jit then
    return jit.version, "luajit"
  end
  return _VERSION, "lua" .. _VERSION:match "%d+%.%d+"
end

-- The file that `require` takes, as Lua's loader looks for it. 5.1 has no
-- package.searchpath.
local function find(module)
  local path = module:gsub("%.", "/")
  for template in package.cpath:gmatch "[^;]+" do
    local candidate = template:gsub("%?", (path:gsub("%%", "%%%%")))
    local file = io.open(candidate, "rb")
    if file then
      return candidate, file
    end
  end
end

-- The folder of the sources that this file is a part of; nil when it was
-- installed.
local function sources()
  local debug = rawget(_G, "debug") -- a program may have taken it away
  local source = debug and debug.getinfo(1, "S").source or ""
  local root = source:match "^@(.*)lua/cognito/misbuilt%.lua$"
  local file = root and io.open(root .. "src/protocol.c")
  if file then
    file:close()
    return root == "" and "." or root:match "^(.-)/*$"
  end
end

-- The command that makes the module, and the folder to run it in.
local function command(name)
  local root = sources()
  if root then
    return ("make LUA=%s in %s"):format(name, root)
  end
  return ("make install LUA=%s in lua-cognito's sources"):format(name)
end

--- Says why a module cannot be loaded.
-- @tparam string module its name
-- @param reason what `require` raised
-- @return a sentence; `reason` where it says more
return function(module, reason)
  if reason == "not enough memory" then
    return reason
  end
  local lua, name = this_lua()
  local path, file = find(module)
  if not path then
    return ("%s is not %s for %s: %s, or set LUA_CPATH\n%s")
      :format(module, sources() and "built" or "installed", lua, command(name), tostring(reason))
  end
  local built_for = (file:read "*a" or ""):match "lua%-cognito is built for ([%w. ]+)"
  file:close()
  if built_for and (built_for == "LuaJIT" and "Lua 5.1" or built_for) ~= _VERSION then -- they load each other's
    return ("%s is built for %s, and this is %s: %s builds it for this one")
      :format(path, built_for, lua, command(name))
  end
  return reason
end
