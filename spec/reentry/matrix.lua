--- The re-entrancy matrix: every function of the core, with every finalizer,
-- at every place in it where Lua may collect garbage.
--
--     matrix.lua all|quick [row...]
--
-- A call must end as it does undisturbed. When the finalizer closed its http
-- object it may raise for that; when the finalizer changed its arguments it
-- may refuse them. Under ASan nothing may be used after it is gone. `quick`
-- takes a dozen places of each cell, other ones from cell to cell.
local mode, chosen = ..., { select(2, ...) }

local coverage = require "spec.reentry.coverage"
local finalizers = require "spec.reentry.finalizers"
local points = require "spec.reentry.points"
local rows = require "spec.reentry.rows"
local show = require "spec.reentry.show"
local World = require "spec.reentry.world"

if jit then
  jit.off() -- compiled code would take other ways from run to run
end

local PLACES = 12 -- of a cell, when quick
local SHOWN = 20 -- failures reported in full

local trace = os.getenv "REENTRY_TRACE"
local failures = 0

local function fail(cell, what)
  failures = failures + 1
  if failures <= SHOWN then
    print(("FAILED %s: %s"):format(cell, what))
  end
end

local function sorted(t)
  local names = {}
  for name in pairs(t) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

-- ---- one call ----

-- The text of what a call returned, with its tag taken out.
local function outcome_of(row, tag, ok, ...)
  if not ok then
    return "raised: " .. tostring((...))
  end
  local text = row.shown and show(row.shown(...)) or show(...)
  return (text:gsub(tag, "TAG"))
end

local function after(row, world, tag, ok, ...)
  if ok and row.after then
    row.after(world, tag, ...)
  end
end

-- Calls a row's function with a finalizer at the k-th place. Returns how many
-- places there were, how the call ended and what else was wrong; never the
-- world, whose strings would outlive it.
local function call(row, finalizer, k)
  local world, tag = World.new(), World.tag()
  local function act()
    local ok, message = pcall(finalizer.run, world)
    if not ok and not tostring(message):find "closed" then
      world:complain("the finalizer failed:", tostring(message))
    end
  end
  local function judge(places, ...)
    after(row, world, tag, ...)
    world:drain()
    return places, outcome_of(row, tag, ...), world.problems[1]
  end
  return judge(points.run(k, act, row.make(world, tag)))
end

-- ---- one cell ----

local function is_allowed(row, finalizer, outcome, undisturbed)
  if outcome == undisturbed or finalizer.may_change then
    return true
  elseif outcome:find "^raised" then
    return finalizer.may_close and outcome:find "closed" ~= nil
  end
  return row.loose
end

local function check(cell, row, finalizer, undisturbed, outcome, problem)
  if not is_allowed(row, finalizer, outcome, undisturbed) then
    fail(cell, ("it ended with %s instead of %s"):format(outcome:sub(1, 300), undisturbed:sub(1, 300)))
  end
  if problem then
    fail(cell, problem)
  end
end

-- The finalizer in each place in turn, until there are no more.
local function try(name, row, finalizer_name, undisturbed, first, step)
  local finalizer = finalizers[finalizer_name]
  local k, tried = first, 0
  while true do
    local cell = ("%s, %s, place %d"):format(name, finalizer_name, k)
    if trace then
      io.stderr:write(cell, "\n")
    end
    local places, outcome, problem = call(row, finalizer, k)
    check(cell, row, finalizer, undisturbed, outcome, problem)
    if places < k then
      return tried
    end
    k, tried = k + step, tried + 1
  end
end

-- ---- all of them ----

local function try_row(name, row)
  call(row, finalizers.collect, 0) -- the first call finds less in memory
  local places, undisturbed = call(row, finalizers.collect, 0)
  local step = mode == "quick" and math.ceil(math.max(places, 1) / PLACES) or 1
  local tried = 0
  for i, finalizer_name in ipairs(places > 0 and sorted(finalizers) or {}) do
    tried = tried + try(name, row, finalizer_name, undisturbed, 1 + i % step, step)
  end
  local complaints = World.server_complaints()
  if complaints ~= "" then
    fail(name, "the server saw " .. complaints)
  end
  print(("  %-28s %4d places, %6d tried"):format(name, places, tried))
  return tried
end

local function main()
  local missing = coverage(rows)
  if #missing > 0 then
    fail("rows.lua", "no row for " .. table.concat(missing, ", "))
  end
  local tried, names = 0, chosen[1] and chosen or sorted(rows)
  for _, name in ipairs(names) do
    tried = tried + try_row(name, rows[name])
  end
  print(("reentry: %d rows, %d finalizers, %d places, %d failures"):format(
    #names, #sorted(finalizers), tried, failures))
end

print("reentry: " .. (jit and jit.version or _VERSION))
io.stdout:setvbuf "line"
main()
os.exit(failures == 0 and 0 or 1, true)
