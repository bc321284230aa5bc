--- Measures what a call costs by calls in flight and by the size of its reply,
-- ours and the C programs' in turns, and draws it.

local example = require "bench.example"
local figures = require "bench.figures"
local plot = require "bench.plot"
local programs = require "bench.programs"
local same = require "bench.same"

local M = {}

local IN_FLIGHT = { 1, 4, 16, 64, 256, 1000 }
local KIB, MIB = 1024, 1048576
local SIZES = { 100, KIB, 10 * KIB, 100 * KIB, MIB }

local arguments, in_c, in_lua, on_cpu = programs.arguments, programs.in_c, programs.in_lua, programs.on_cpu

local function commands_in_flight(server, n, calls)
  local operation = "forgot_password"
  return {
    ours = on_cpu(1, in_lua "calls.lua tasks" .. arguments(server, calls(10000), operation, n)),
    c = on_cpu(1, in_c "multi" .. arguments(server, calls(10000), operation, n,
      same.client_headers(server, operation))),
  }
end

-- Longer replies, fewer calls: the time stays about the same.
local function commands_by_size(server, size, calls)
  local operation = "list_users"
  server:reply_with_users(size, example.users(size))
  local sized = setmetatable({ url = ("%susers/%d/"):format(server.url, size) }, { __index = server })
  local n = calls(math.floor(math.min(20000, 5e7 / size)))
  return {
    ours = on_cpu(1, in_lua "calls.lua client" .. arguments(sized, n, operation)),
    c = on_cpu(1, in_c "easy" .. arguments(sized, n, operation, "", same.client_headers(sized, operation))),
  }
end

local function size_name(size)
  if size < KIB then
    return size .. " B"
  elseif size < MIB then
    return ("%d KiB"):format(size / KIB)
  end
  return ("%d MiB"):format(size / MIB)
end

local function measure(title, values, name_of, commands_of)
  local ours, c = { name = "lua-cognito", points = {} }, { name = "C, libcurl", points = {} }
  figures.print_head(title)
  for i, value in ipairs(values) do
    local all = programs.in_turns(commands_of(value))
    figures.print_row { name = name_of(value), ours = all.ours[1], c = all.c[1], format = "%.1f" }
    ours.points[i] = { value, figures.median(all.ours[1]) }
    c.points[i] = { value, figures.median(all.c[1]) }
  end
  return { ours, c }
end

local function write(path, svg)
  local file = assert(io.open(path, "w"))
  file:write(svg)
  assert(file:close())
  print(path)
end

--- Measures, prints the figures, and writes both plots.
-- @tparam table server
-- @tparam string folder for `bench-in-flight.svg` and `bench-reply-size.svg`
-- @tparam function calls how many of so many are made
function M.draw(server, folder, calls)
  write(folder .. "/bench-in-flight.svg", plot.svg {
    title = "Cost of a call by calls in flight", x_title = "calls in flight", y_title = "CPU µs a call",
    series = measure("by calls in flight, CPU us a call", IN_FLIGHT, tostring, function(n)
      return commands_in_flight(server, n, calls)
    end),
  })
  write(folder .. "/bench-reply-size.svg", plot.svg {
    title = "Cost of a call by the size of its reply", x_title = "size of the reply", y_title = "CPU µs a call",
    name_of = size_name,
    series = measure("by size of the reply, CPU us a call", SIZES, size_name, function(size)
      return commands_by_size(server, size, calls)
    end),
  })
end

return M
