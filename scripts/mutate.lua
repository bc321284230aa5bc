-- mutate.lua FOLDER FILE...: makes small changes to the files, one at a time, in a
-- copy of the tree, runs the specs that run the changed line, and prints the
-- share of changes that some spec notices, with those that none does.
--
-- FOLDER is where `make coverage` left what specs run. Variables: COUNT changes of
-- each file at most, chosen by SEED; BUDGET seconds of specs for a change; SPEC,
-- the specs to run instead; AGAIN=1 tries only those that went unnoticed the last
-- time; JOBS files at once, each in a copy of its own; LEAST per cent, or it fails.
local changes_of = require "scripts.mutation.changes"
local equivalent = require "scripts.mutation.equivalent"
local figures = require "scripts.mutation.figures"
local logs = require "scripts.mutation.logs"
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
    tree:build(path, tree.original)
    baseline[run.spec] = tree:passes(run.spec, run.seconds)
    tree:build(path, changed)
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
  local verdict = tree:change(path, change.text)
  if verdict then return verdict end
  local found, by = noticed(tree, specs, path, change)
  return found and "noticed" or "survived", by
end

-- ---- one file ----

local function log_of(path)
  return ("%s/%s.txt"):format(HOME, (path:gsub("/", "+")))
end

local function report(log, path, change, tried)
  local text = logs.text(path, change, tried)
  io.write(text)
  log:write(text)
  log:flush()
end

local function one_file(specs, reasons, path)
  local only, count = nil, figures.none()
  if AGAIN then only, count = logs.survivors(path, log_of(path)) end
  local tree = trees.new(("%s/tree-%s"):format(HOME, os.getenv "SLOT" or "1"), os.getenv "RUN_ID" or "")
  tree:take(path)
  if not specs:reach(path) then
    error(path .. ": no spec that make coverage has run reaches it; run all of it, or name the specs, SPEC='...'", 0)
  end
  specs:forget(path)
  local log = assert(io.open(log_of(path), "w"))
  local changes = changes_of(tree.original, path:match "%.lua$" and "lua" or "c")
  logs.name(path, tree.original, changes)
  for _, change in ipairs(sample(changes)) do
    if not only or only[change.name] then
      local verdict, by = "equivalent", nil
      if not reasons[change.key] then verdict, by = try(tree, specs, path, change) end
      count[verdict] = count[verdict] + 1
      if verdict == "survived" then report(log, path, change, by) end
    end
  end
  tree:build(path, tree.original)
  log:write(figures.line(count), "\n")
  log:close()
  print(figures.text(path, count))
end

-- ---- all ----

local folder = table.remove(arg, 1)
if #arg == 0 then
  print "FILES tells which: make mutate FILES='lua/cognito/retry.lua src/url.c'"
  os.exit(2)
end
io.stdout:setvbuf "line"

if arg[1] == "--one" then
  local modules = { folder .. "/lua5.4/cognito/core.so", folder .. "/lua5.4/cognito/wire.so" }
  local ok, message = pcall(function()
    local specs = specs_of.new(folder, modules, os.getenv "SPEC" or "")
    one_file(specs, equivalent.read "spec/mutation/equivalent.txt", arg[2])
  end)
  if not ok then io.stderr:write(message, "\n") end
  os.exit(ok and 0 or 1)
end

-- Each file by a process of its own.
os.execute("mkdir -p " .. HOME)
local EACH = "RUN_ID=%d xargs -d '\\n' -n 1 -P %d --process-slot-var=SLOT lua5.4 scripts/mutate.lua '%s' --one"
local each = assert(io.popen(EACH:format(os.time(), tonumber(os.getenv "JOBS" or "") or 1, folder), "w"))
each:write(table.concat(arg, "\n"), "\n")
if not each:close() then os.exit(1) end
local share = figures.report(arg, log_of)
os.exit(share >= (tonumber(os.getenv "LEAST" or "") or 0) and 0 or 1)
