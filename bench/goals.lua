--- The goals of the bench, all of them here, and what became of each in this
-- run. "Against C": our figure divided by that of the C program that sends the
-- same bytes, in the same run.

local M = {}

--- Each goal: its `name`, the `limit`, which must not be exceeded or with
-- `at_least` not fallen short of, and the `program` that measures it.
M.list = {}

local by_name = {}

local function add(program, name, limit, at_least)
  local goal = { program = program, name = name, limit = limit, at_least = at_least }
  M.list[#M.list + 1], by_name[name] = goal, goal
end

local function at_most(name, limit)
  add("bench", name, limit)
end

local function at_least(name, limit)
  add("bench", name, limit, true)
end

at_most("blocking call, unsigned, CPU against C", 1.00)
at_most("blocking call, signed, CPU against C", 1.00)
at_most("user instructions a call, unsigned", 65000)
at_most("user instructions a call, signed", 115000)
at_most("garbage a call, bytes", 500)
at_least("16 in flight, unsigned, calls/s against C", 1.2)
at_least("16 in flight, signed, calls/s against C", 1.2)
at_least("64 in flight, unsigned, calls/s against C", 1.2)
at_least("64 in flight, signed, calls/s against C", 1.2)
at_least("1000 in flight, unsigned, calls/s against C", 1.0)
at_least("1000 in flight, signed, calls/s against C", 1.0)
at_most("memory, 1000 in flight, unsigned, against C", 1.05)
at_most("memory, 1000 in flight, signed, against C", 1.05)
at_most("build and parse, unsigned, us", 1.6)
at_most("build and parse, signed, us", 3.0)
at_most("core.sign, us", 2.0)
at_most("nginx, 16 in flight, one CPU, signed, us", 15)
at_most("a new connection, CPU us", 700)
at_most("one call and exit, wall against C", 1.15)
at_most("one call and exit, peak memory, MiB", 13.0)

for _, what in ipairs {
  "1 in flight, CPU", "16 in flight, CPU", "one call and exit, wall", "one call and exit, CPU",
  "one call and exit, peak memory",
} do
  add("peers", what .. ", the best peer against ours", 1.0, true)
end

add("peers", "a sign-in by SRP, CPU, the best peer against ours", 20, true)

--- A goal.
-- @tparam string name
-- @treturn table
-- @raise where there is no such goal
function M.get(name)
  return by_name[name] or error("no such goal: " .. name, 2)
end

--- Whether a figure reaches a goal.
-- @tparam table goal
-- @tparam number figure
-- @treturn boolean
function M.reached(goal, figure)
  if goal.at_least then
    return figure >= goal.limit
  end
  return figure <= goal.limit
end

--- The limit that a figure has to keep.
-- @tparam table goal
-- @treturn string such as `<= 1.15`
function M.wanted(goal)
  return ("%s %g"):format(goal.at_least and ">=" or "<=", goal.limit)
end

--- Keeps a figure for the table: of several for one goal the worst.
-- @tparam table goal
-- @tparam number figure
function M.record(goal, figure)
  local worst = goal.at_least and math.min or math.max
  goal.figure = goal.figure and worst(goal.figure, figure) or figure
end

local function shown(figure)
  return figure >= 100 and ("%.0f"):format(figure) or ("%.2f"):format(figure)
end

--- The table of a program's goals.
-- @tparam string program
-- @tparam boolean judging whether to say what is reached
-- @treturn string
function M.report(program, judging)
  local lines = { ("%-56s %12s %9s"):format("goals", "goal", "figure") }
  local reached, count = 0, 0
  for _, goal in ipairs(M.list) do
    if goal.program == program then
      local fine = goal.figure and M.reached(goal, goal.figure)
      count, reached = count + 1, reached + (fine and 1 or 0)
      local verdict = not goal.figure and "not measured" or fine and "reached" or "NOT REACHED"
      lines[#lines + 1] = ("%-56s %12s %9s   %s"):format(goal.name, M.wanted(goal),
        goal.figure and shown(goal.figure) or "", (judging or not goal.figure) and verdict or ""):gsub("%s+$", "")
    end
  end
  lines[#lines + 1] = judging and ("%d of %d reached"):format(reached, count) or nil
  return table.concat(lines, "\n")
end

return M
