-- public_modules.lua [--names]: do docs/modules.md, the reference's config.ld,
-- the annotations and the examples agree on which modules are public? With
-- --names it prints those that programs may require. The rockspec has no list:
-- scripts/check_install loads these from where it and `make install` put them.

local faults = require "scripts.faults"
local system = require "scripts.system"

local fault, read, lines_of = faults.report, system.read, system.lines_of

-- ---- what docs/modules.md lists ----

-- Modules to require, and those whose objects they return; each with the
-- class of its annotations.
local function listed()
  local modules, objects = {}, {}
  for line in io.lines "docs/modules.md" do
    local name = line:match "^| `(cognito[%w_.]*)` |"
    local of, class = line:match "| `(cognito[%w_.]*)` | `(cognito[%w_.]*)` |$"
    if name then
      modules[name] = name
    elseif of then
      objects[of] = class
    end
  end
  return modules, objects
end

local modules, objects = listed()
if arg[1] == "--names" then
  local names = {}
  for name in pairs(modules) do names[#names + 1] = name end
  table.sort(names)
  print(table.concat(names, "\n"))
  return
end

-- ---- the reference ----

local function check_reference()
  local config = {}
  assert(load(assert(read "config.ld"), "=config.ld", "t", config))()
  local seen = {}
  for _, path in ipairs(config.file) do
    local source = read(path)
    local name = source and source:match "@module ([%w_.]+)"
    if not source then
      fault("config.ld: there is no %s", path)
    elseif not (modules[name] or objects[name]) then
      fault("config.ld: %s holds %s, which docs/modules.md does not list", path, name or "no module")
    else
      seen[name] = true
    end
  end
  for _, list in ipairs { modules, objects } do
    for name in pairs(list) do
      if not seen[name] then fault("config.ld: no file of %s, which docs/modules.md lists", name) end
    end
  end
end

-- ---- the annotations ----

local function check_annotations()
  local text = assert(read "lua/cognito/types.lua") .. "\n"
  for _, list in ipairs { modules, objects } do
    for _, class in pairs(list) do
      if not text:find("\n---@class " .. class:gsub("%.", "%%.") .. "[\n:]") then
        fault("lua/cognito/types.lua: there is no class %s", class)
      end
    end
  end
end

-- ---- documentation and examples ----

local function check_uses()
  local used = {}
  for _, path in ipairs(lines_of "find *.md docs examples -name '*.md' -o -name '*.lua' -o -name '*.conf'") do
    for name in (read(path) or ""):gmatch "require *%(?[\"'](cognito[%w_.]*)" do
      used[name] = true
      if not modules[name] then fault("%s: %s is not public: docs/modules.md does not list it", path, name) end
    end
  end
  for name in pairs(modules) do
    if not used[name] then fault("no page and no example requires %s, which docs/modules.md lists", name) end
  end
end

if not next(modules) or not next(objects) then fault "docs/modules.md: its tables cannot be read" end
check_reference()
check_annotations()
check_uses()
os.exit(faults.count == 0)
