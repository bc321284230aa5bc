--- How a plan comes along, while users are looked up.
-- @module cognito.cli.bulk.looking

local status_line = require "cognito.cli.bulk.status_line"
local text = require "cognito.cli.text"

local M = {}

local looking = {}
local looking_mt = { __index = looking }

local function words_of(calls)
  return "looking users up: " .. text.count(calls.list_users + calls.admin_get_user, "call")
end

--- Shows the calls made so far.
-- @tparam table calls as the library reports them
function looking:show(calls)
  local words = words_of(calls)
  self.line:show(function(columns) return text.cut(words, columns - 1) end, function() return words end)
end

--- Makes room for what comes next on the screen.
function looking:clear()
  self.line:clear()
end

--- Begins.
-- @tparam table console
-- @tparam[opt] function clock seconds
-- @treturn table
function M.new(console, clock)
  return setmetatable({ line = status_line.new(console, clock) }, looking_mt)
end

return M
