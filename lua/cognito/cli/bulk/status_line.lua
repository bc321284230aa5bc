--- A line on standard error that tells how work goes: on a terminal it changes,
-- elsewhere there is one now and then.
-- @module cognito.cli.bulk.status_line

local native = require "cognito.native"

local M = {}

local EVERY = 30 -- seconds between two lines where no terminal is

local line = {}
local line_mt = { __index = line }

--- Shows the line.
-- @tparam function drawn called with the columns of a terminal; returns a
--   string of fewer
-- @tparam function words called elsewhere; returns a string
-- @tparam[opt] boolean at_once whether the words do not wait until it is time
function line:show(drawn, words, at_once)
  if self.console.json then
    return
  elseif self.on_terminal then
    io.stderr:write("\r", drawn(self.console:columns(2) or 80), "\27[K")
    self.is_drawn = true
  elseif at_once or self.clock() >= self.next_time then
    self.next_time = self.clock() + EVERY
    self.console:tell("%s", words())
  end
end

--- Makes room for what comes next on the screen.
function line:clear()
  if self.is_drawn then
    io.stderr:write "\r\27[K"
    self.is_drawn = false
  end
end

--- Begins.
-- @tparam table console
-- @tparam[opt] function clock seconds
-- @treturn table
function M.new(console, clock)
  clock = clock or native.clock
  return setmetatable({
    console = console, clock = clock, next_time = clock() + EVERY,
    on_terminal = console:is_terminal(2) and console.env "TERM" ~= "dumb",
  }, line_mt)
end

return M
