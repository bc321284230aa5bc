--- How a run goes, while it goes: a line that changes on a terminal, elsewhere
-- a line now and then. It stands on standard error.
-- @module cognito.cli.bulk.progress

local native = require "cognito.native"
local show = require "cognito.cli.bulk.show"
local text = require "cognito.cli.text"

local M = {}

local BAR = 20 -- columns between its brackets
local NARROW = 100 -- columns below which there is no bar
local EVERY = 30 -- seconds between two lines where no terminal is

local progress = {}
local progress_mt = { __index = progress }

local function total_of(counts)
  return counts.planned + counts.started + counts.accepted + counts.still_signed_in + counts.failed + counts.skipped
    + counts.uncertain
end

-- Of the users who were to be looked at, how many have been dealt with.
local function share_of(counts)
  local total = total_of(counts)
  return total > 0 and (total - counts.planned - counts.started) / total or 1
end

local function words_of(counts)
  local words = ("%3d%% %d done, %d failed, %d skipped, %d uncertain, %.4g/s"):format(
    math.floor(100 * share_of(counts)), counts.accepted, counts.failed, counts.skipped, counts.uncertain, counts.rate)
  if counts.still_signed_in > 0 then
    words = ("%s, %d still signed in"):format(words, counts.still_signed_in)
  end
  if counts.stopping then
    return ("%s, stopping (%s), %d in flight"):format(words, counts.stopping, counts.in_flight)
  elseif counts.trouble then
    words = ("%s, slowed down by %s"):format(words, counts.trouble)
  end
  return counts.seconds_left and ("%s, %s left"):format(words, show.duration(counts.seconds_left)) or words
end

--- The line for a terminal of so many columns. The last column stays free:
-- some terminals go to the next line when it is written.
-- @tparam table counts as the library tells them
-- @tparam integer columns
-- @treturn string
function M.line(counts, columns)
  local line = text.clean(words_of(counts))
  if columns >= NARROW then
    local filled = math.floor(BAR * share_of(counts))
    line = ("[%s%s] %s"):format(("#"):rep(filled), (" "):rep(BAR - filled), line)
  end
  return text.cut(line, columns - 1)
end

local function redraw(self, counts)
  io.stderr:write("\r", M.line(counts, self.console:columns(2) or 80), "\27[K")
  self.drawn = true
end

-- Now and then, and once when it begins to stop.
local function write_line(self, counts)
  local stops = counts.stopping ~= self.stopping
  if self.clock() >= self.next_line or stops then
    self.next_line, self.stopping = self.clock() + EVERY, counts.stopping
    self.console:tell("%s", words_of(counts))
  end
end

--- Shows how it goes.
-- @tparam table counts as the library tells them
function progress:show(counts)
  if self.console.json then
    return
  elseif self.drawing then
    redraw(self, counts)
  else
    write_line(self, counts)
  end
end

--- Makes room for what comes next on the screen.
function progress:clear()
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
  return setmetatable({ console = console, clock = clock, drawing = drawing, next_line = clock() + EVERY }, progress_mt)
end

return M
