--- The measurements of every tick, and the table that it prints.

local stats = require "stats"

local M = {}

local report = {}
local report_mt = { __index = report }

local function new_phase()
  return { network = stats.new(), network_cpu = stats.new(), whole = stats.new(), calls = 0, most_calls = 0 }
end

--- A request for the user pool was begun: the warm-up runs from the first.
-- @tparam number now seconds
function report:begin(now)
  self.begun = self.begun or now
end

--- Adds a tick.
-- @tparam table tick `now`, `network`, `network_cpu` and `whole` in seconds,
--   `calls` in flight
function report:add(tick)
  local warm = self.begun and tick.now - self.begun >= self.warm_up
  local phase = warm and self.after or self.before
  phase.network:add(tick.network)
  phase.network_cpu:add(tick.network_cpu)
  phase.whole:add(tick.whole)
  phase.calls, phase.most_calls = phase.calls + tick.calls, math.max(phase.most_calls, tick.calls)
end

local function row(name, samples)
  return ("  %-24s %9.3f %9.3f %9.3f"):format(name, samples:percentile(50) * 1000, samples:percentile(99) * 1000,
    samples.max * 1000)
end

local function add_phase(lines, name, phase)
  local count = phase.whole.count
  lines[#lines + 1] = ("%-26s %9s %9s %9s"):format(name .. ": ms of a tick", "p50", "p99", "max")
  lines[#lines + 1] = row("network", phase.network)
  lines[#lines + 1] = row("network, processor", phase.network_cpu)
  lines[#lines + 1] = row("all", phase.whole)
  lines[#lines + 1] = ("  %d ticks; calls in flight: %.1f in the mean, %d at most"):format(count,
    phase.calls / math.max(1, count), phase.most_calls)
end

--- The table.
-- @treturn string
function report:text()
  local lines = {}
  add_phase(lines, "until warm", self.before)
  add_phase(lines, "warm", self.after)
  return table.concat(lines, "\n")
end

--- Makes a report.
-- @tparam number warm_up seconds from the first request after which ticks
--   count as warm
-- @treturn table
function M.new(warm_up)
  return setmetatable({ warm_up = warm_up, before = new_phase(), after = new_phase() }, report_mt)
end

return M
