-- circles.lua: the modules of lua/cognito require each other in no circle, and
-- neither do its folders, however deep a module lies in one.
--
-- A module may be required inside a function (a place loads its runtime when
-- there is a call to make): such a line joins modules, but no folders, since
-- nothing is loaded in a circle there.
--
--     lua5.4 scripts/circles.lua [--print]     the folders that each one loads

local function requires()
  local all, at_load = {}, {}
  for path in io.popen("find lua/cognito -name '*.lua'"):lines() do
    local name = path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
    all[name], at_load[name] = {}, {}
    for line in io.lines(path) do
      local code = line:gsub("%-%-.*", "")
      for required in code:gmatch "require[%s(]*[\"'](cognito[%w_.]*)" do
        all[name][required] = true
        at_load[name][required] = not line:find "^%s" or nil
      end
    end
  end
  at_load["cognito.types"] = {} -- annotations: no program loads them
  return all, at_load
end

-- A file beside init.lua stands for itself.
local function folders(modules)
  local graph = {}
  for name, required in pairs(modules) do
    local from = name:match "^cognito%.([%w_]+)" or "cognito"
    graph[from] = graph[from] or {}
    for other in pairs(required) do
      local to = other:match "^cognito%.([%w_]+)" or "cognito"
      graph[from][to] = from ~= to or nil
    end
  end
  return graph
end

local function sorted(set)
  local names = {}
  for name in pairs(set) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

-- The first circle on the way down from `name`, as a list of names; nil where
-- there is none.
local function circle_from(graph, name, way, done)
  for i, earlier in ipairs(way) do
    if earlier == name then
      return table.concat(way, " -> ", i) .. " -> " .. name
    end
  end
  if done[name] then
    return nil
  end
  way[#way + 1] = name
  for _, other in ipairs(sorted(graph[name] or {})) do
    local found = circle_from(graph, other, way, done)
    if found then
      return found
    end
  end
  way[#way] = nil
  done[name] = true
end

local function check(what, graph)
  local done = {}
  for _, name in ipairs(sorted(graph)) do
    local found = circle_from(graph, name, {}, done)
    if found then
      io.stderr:write(what, " require each other in a circle: ", found, "\n")
      return false
    end
  end
  return true
end

local all, at_load = requires()
local loaded = folders(at_load)
if arg[1] == "--print" then
  for _, name in ipairs(sorted(loaded)) do
    print(name, table.concat(sorted(loaded[name]), " "))
  end
end
local ok = check("modules", all)
os.exit(check("folders", loaded) and ok)
