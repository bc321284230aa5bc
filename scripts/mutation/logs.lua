--- The log of a source's run: the changes that survived, then the figures.

local equivalent = require "scripts.mutation.equivalent"
local figures = require "scripts.mutation.figures"

local M = {}

-- Lines may move between two runs, so a change is known by its text, and by which
-- it is of those with the same text.
local function name_of(key, nth)
  return key .. "\0" .. nth -- format may end at a NUL before Lua 5.3
end

--- Gives each change `before` and `after`, its line; `key`, which others may share;
-- `nth`, of those with this key; and `name`, its own.
-- @tparam string path of the source
-- @tparam string original
-- @tparam {table,...} changes all of the source, in its order
function M.name(path, original, changes)
  local seen = {}
  for _, change in ipairs(changes) do
    change.before, change.after = equivalent.lines(original, change)
    local key = equivalent.key(path, change.before, change.after)
    seen[key] = (seen[key] or 0) + 1
    change.key, change.nth, change.name = key, seen[key], name_of(key, seen[key])
  end
end

--- A change that survived, as the log has it.
-- @tparam string path of the source
-- @tparam table change with a name
-- @tparam integer tried how many specs ran
-- @treturn string lines
function M.text(path, change, tried)
  local which = change.nth > 1 and ("; number %d of such changes"):format(change.nth) or ""
  return ("%s:%d: %d specs ran%s\n  - %s\n  + %s\n"):format(path, change.line, tried, which, change.before,
    change.after)
end

--- Those that survived, and the figures of the others.
-- @tparam string path of the source
-- @tparam string log its path
-- @treturn table by the name of a change: true
-- @treturn table figures
-- @raise where the run did not come to its end
function M.survivors(path, log)
  local count = figures.read(log) or error(log .. " is of no whole run: run it without AGAIN first", 0)
  local found, nth, before = {}, 1, nil
  count.survived = 0
  for line in io.lines(log) do
    local mark, text = line:match "^  ([-+]) ?(.*)$"
    if mark == "-" then
      before = text
    elseif mark == "+" then
      found[name_of(equivalent.key(path, before, text), nth)] = true
    else
      nth = tonumber(line:match "; number (%d+) of such changes$" or 1)
    end
  end
  return found, count
end

return M
