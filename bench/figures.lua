--- Figures of several rounds: their middle, how far they spread, ratios, and
-- the lines of the report.

local goals = require "bench.goals"

local M = {}

--- Whether rows say if their goal is reached.
M.judging = true

local function sorted(list)
  local copy = {}
  for i, value in ipairs(list) do
    copy[i] = value
  end
  table.sort(copy)
  return copy
end

--- Figures in another unit.
-- @tparam {number,...} list
-- @tparam number unit
-- @treturn {number,...}
function M.divided(list, unit)
  local result = {}
  for i, value in ipairs(list) do
    result[i] = value / unit
  end
  return result
end

--- The value in the middle.
-- @tparam {number,...} list
-- @treturn number
function M.median(list)
  local values = sorted(list)
  local middle = #values / 2
  return (values[math.ceil(middle)] + values[math.floor(middle) + 1]) / 2
end

--- Half the distance between the quartiles, in percent of the median.
-- @tparam {number,...} list
-- @treturn number
function M.spread(list)
  local values = sorted(list)
  local quarter = math.floor((#values - 1) / 4)
  return (values[#values - quarter] - values[1 + quarter]) / 2 / M.median(values) * 100
end

--- The middle of the ratios round by round: what disturbs one round
-- disturbs both.
-- @tparam {number,...} ours
-- @tparam {number,...} theirs
-- @treturn number
function M.ratio(ours, theirs)
  local ratios = {}
  for i, value in ipairs(ours) do
    ratios[i] = value / theirs[i]
  end
  return M.median(ratios)
end

local function shown(list, format)
  return list and (format .. " ±%.0f%%"):format(M.median(list), M.spread(list)) or ""
end

local function verdict(goal, figure)
  goals.record(goal, figure)
  return M.judging and goals.wanted(goal) .. (goals.reached(goal, figure) and "  reached" or "  NOT REACHED") or ""
end

--- Prints one row of the report.
-- @tparam table row `name`; `ours` and `c`: figures of all rounds; `format`
--   of one figure; `goal`: the name of what the ratio, or without `c` our
--   figure, has to reach
function M.print_row(row)
  local ratio = row.ours and row.c and M.ratio(row.ours, row.c)
  local judgement = row.goal and verdict(goals.get(row.goal), ratio or M.median(row.ours)) or ""
  local line = ("%-38s %15s %15s %7s   %s"):format(row.name, shown(row.ours, row.format), shown(row.c, row.format),
    ratio and ("%.2f"):format(ratio) or "", judgement)
  print((line:gsub("%s+$", "")))
end

--- Prints the head of a table.
-- @tparam string title
-- @tparam[opt="ours"] string ours
-- @tparam[opt="C"] string c
function M.print_head(title, ours, c)
  print()
  print(("%-38s %14s %14s %8s   %s"):format(title, ours or "ours", c or "C", "ratio", "goal"))
end

return M
