--- How a plan comes along, while users are looked up: a line that changes on a
-- terminal, elsewhere a line now and then. It stands on standard error.
-- @module cognito.cli.bulk.looking

local native = require "cognito.native"
local text = require "cognito.cli.text"

local M = {}

local EVERY = 30 -- seconds between two lines where no terminal is

local looking = {}
local looking_mt = { __index = looking }

local function words_of(calls)
  return ("looking users up: %d calls"):format(calls.list_users + calls.admin_get_user)
end

--- Shows the calls made so far.
-- @tparam table calls as the library reports them
function looking:show(calls)
  if self.console.json then
    return
  elseif self.drawing then
    io.stderr:write("\r", text.cut(words_of(calls), (self.console:columns(2) or 80) - 1), "\27[K")
    self.drawn = true
  elseif self.clock() >= self.next_line then
    self.next_line = self.clock() + EVERY
    self.console:tell("%s", words_of(calls))
  end
end

--- Makes room for what comes next on the screen.
function looking:clear()
  if self.drawn then
    io.stderr:write "\r\27[K"
    self.drawn = false
  end
end

--- Begins.
-- @tparam table console
-- @tparam[opt] function clock seconds
-- @treturn table
function M.new(console, clock)
  clock = clock or native.clock
  local drawing = console:is_terminal(2) and console.env "TERM" ~= "dumb"
  return setmetatable({ console = console, clock = clock, drawing = drawing, next_line = clock() + EVERY }, looking_mt)
end

return M
