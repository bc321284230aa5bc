-- Lua 5.5 refuses assignments to the control variable of a loop, the first
-- one after `for`; the other Luas do not mind. This lets Lua 5.4 find them:
-- every loop gets a constant copy of that name, and where that compiles there
-- are none.
--
--     lua5.4 scripts/loop_variables.lua FILE...

local function mark(head, name, rest)
  return ("%s%s%s local %s <const> = %s;"):format(head, name, rest, name, name)
end

local function check(path)
  local file = assert(io.open(path))
  local text = "\n" .. file:read("a"):gsub("^#!", "--")
  file:close()
  text = text:gsub("(%f[%w]for%s+)([%a_][%w_]*)(%s*=.-%f[%w]do%f[%W])", mark)
  text = text:gsub("(%f[%w]for%s+)([%a_][%w_]*)([%w_%s,]*%sin%s.-%f[%w]do%f[%W])", mark)
  return load(text:sub(2), "@" .. path, "t")
end

local ok = true
for _, path in ipairs(arg) do
  local compiled, message = check(path)
  if not compiled then
    ok = false
    print(message)
  end
end
os.exit(ok)
