--- How a run goes, while it goes.
-- @module cognito.cli.bulk.progress

local show = require "cognito.cli.bulk.show"
local status_line = require "cognito.cli.bulk.status_line"
local text = require "cognito.cli.text"

local M = {}

local BAR = 20 -- columns between its brackets
local NARROW = 100 -- columns below which there is no bar

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

--- Shows how it goes; elsewhere than on a terminal also when it begins to stop.
-- @tparam table counts as the library tells them
function progress:show(counts)
  local stops = counts.stopping ~= self.stopping
  self.stopping = counts.stopping
  self.line:show(function(columns) return M.line(counts, columns) end, function() return words_of(counts) end, stops)
end

--- Makes room for what comes next on the screen.
function progress:clear()
  self.line:clear()
end

--- Begins.
-- @tparam table console
-- @tparam[opt] function clock seconds
-- @treturn table
function M.new(console, clock)
  return setmetatable({ line = status_line.new(console, clock) }, progress_mt)
end

return M
