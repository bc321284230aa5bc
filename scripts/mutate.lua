-- mutate.lua FOLDER FILE...: makes small changes to the files, one at a time, in a
-- copy of the tree, runs the specs that run the changed line, and prints the
-- share of changes that some spec notices, with those that none does.
--
-- FOLDER is where `make coverage` left what specs run. Variables: COUNT changes of
-- each file at most, chosen by SEED; BUDGET seconds of specs for a change; AGAIN=1
-- tries only those that went unnoticed the last time.
local changes_of = require "scripts.mutation.changes"
local equivalent = require "scripts.mutation.equivalent"
local specs_of = require "scripts.mutation.specs"
local trees = require "scripts.mutation.tree"

local HOME = "build/mutate"
local COUNT = tonumber(os.getenv "COUNT" or "")
local BUDGET = tonumber(os.getenv "BUDGET" or "") or 20
local AGAIN = os.getenv "AGAIN"

-- ---- which ----

-- The same everywhere: Park and Miller's.
local seed = tonumber(os.getenv "SEED" or "") or 1
local function chance(n)
  seed = seed * 16807 % 2147483647
  return seed % n + 1
end

local function sample(changes)
  if not COUNT then return changes end
  for i = #changes, 2, -1 do
    local j = chance(i)
    changes[i], changes[j] = changes[j], changes[i]
  end
  local some = {}
  for i = 1, math.min(COUNT, #changes) do some[i] = changes[i] end
  table.sort(some, function(a, b) return a.line < b.line end)
  return some
end

-- ---- one change ----

local baseline = {} -- by spec: whether it passes without any change

local function is_sound(tree, path, changed, run)
  if baseline[run.spec] == nil then
    tree:put(path, tree.original)
    tree:build(path)
    baseline[run.spec] = tree:passes(run.spec, run.seconds)
    tree:put(path, changed)
    tree:build(path)
    if not baseline[run.spec] then print("  left out, because it fails without any change: " .. run.spec) end
  end
  return baseline[run.spec]
end

-- The specs within the budget, at least one.
local function noticed(tree, specs, path, change)
  local spent, tried = 0, 0
  for _, run in ipairs(specs:of(path, change.line)) do
    if baseline[run.spec] ~= false and (tried == 0 or spent + run.seconds <= BUDGET) then
      spent, tried = spent + run.seconds, tried + 1
      if not tree:passes(run.spec, run.seconds) and is_sound(tree, path, change.text, run) then
        specs:credit(run)
        return true, run.spec
      end
    end
  end
  return false, tried
end

local function try(tree, specs, path, change)
  tree:put(path, change.text)
  local verdict = tree:compare(path, change.text)
  if verdict or not tree:build(path) then return verdict or "broken" end
  local found, by = noticed(tree, specs, path, change)
  return found and "noticed" or "survived", by
end

-- ---- one file ----

local function log_of(path)
  return ("%s/%s.txt"):format(HOME, (path:gsub("/", "+")))
end

-- Keys of those that survived the last time, of a log.
local function survivors(path)
  local found, before = {}, nil
  for line in io.lines(log_of(path)) do
    local mark, text = line:match "^  ([-+]) ?(.*)$"
    if mark == "-" then before = text elseif mark == "+" then found[equivalent.key(path, before, text)] = true end
  end
  return found
end

local function one_file(tree, specs, reasons, path)
  local count = { noticed = 0, survived = 0, broken = 0, same = 0, equivalent = 0 }
  local only = AGAIN and survivors(path)
  tree:take(path)
  specs:forget(path)
  local log = assert(io.open(log_of(path), "w"))
  for _, change in ipairs(sample(changes_of(tree.original, path:match "%.lua$" and "lua" or "c"))) do
    local before, after = equivalent.lines(tree.original, change)
    local key = equivalent.key(path, before, after)
    local verdict, by
    if reasons[key] then verdict = "equivalent"
    elseif only and not only[key] then verdict = "noticed"
    else verdict, by = try(tree, specs, path, change) end
    count[verdict] = count[verdict] + 1
    if verdict == "survived" then
      local text = ("%s:%d: %d specs ran\n  - %s\n  + %s\n"):format(path, change.line, by, before, after)
      io.write(text)
      log:write(text)
      log:flush()
    end
  end
  log:close()
  tree:put(path, tree.original)
  tree:build(path)
  return count
end

local function show(path, count)
  local counted = count.noticed + count.survived
  local share = counted == 0 and 100 or count.noticed / counted * 100
  print(("%-36s %4d of %4d noticed, %5.1f %%; %d equivalent, %d the same code, %d do not compile"):format(path,
    count.noticed, counted, share, count.equivalent, count.same, count.broken))
  return share
end

-- ---- all ----

local folder = table.remove(arg, 1)
if #arg == 0 then
  print "FILES tells which: make mutate FILES='lua/cognito/retry.lua src/url.c'"
  os.exit(2)
end
io.stdout:setvbuf "line"
os.execute("mkdir -p " .. HOME)
local modules = { folder .. "/lua5.4/cognito/core.so", folder .. "/lua5.4/cognito/wire.so" }
local specs, reasons = specs_of.new(folder, modules), equivalent.read "spec/mutation/equivalent.txt"
local tree = trees.new(HOME .. "/tree")
local lines, sum = {}, { noticed = 0, survived = 0, broken = 0, same = 0, equivalent = 0 }
for _, path in ipairs(arg) do
  local count = one_file(tree, specs, reasons, path)
  show(path, count)
  lines[#lines + 1] = { path, count }
  for name, n in pairs(count) do sum[name] = sum[name] + n end
end
print ""
for _, line in ipairs(lines) do show(line[1], line[2]) end
local share = show("all of these", sum)
os.exit(share >= (tonumber(os.getenv "LEAST" or "") or 0) and 0 or 1)
