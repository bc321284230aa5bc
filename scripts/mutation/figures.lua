--- How many of the changes to a source some spec noticed.

local system = require "scripts.system"

local M = {}

local NAMES = { "noticed", "survived", "broken", "same", "equivalent" }

--- @treturn table by verdict: a number
function M.none()
  local count = {}
  for _, name in ipairs(NAMES) do count[name] = 0 end
  return count
end

-- As it stands in a log.
function M.line(count)
  local words = { "=" }
  for _, name in ipairs(NAMES) do words[#words + 1] = name .. " " .. count[name] end
  return table.concat(words, " ")
end

--- Those at the end of a log.
-- @treturn ?table nothing for a run that did not come to its end
function M.read(path)
  local line = ("\n" .. (system.read(path) or "")):match "\n(=[^\n]*)\n$"
  if not line then return nil end
  local count = M.none()
  for name, n in line:gmatch "(%l+) (%d+)" do count[name] = tonumber(n) end
  return count
end

local function share_of(count)
  local counted = count.noticed + count.survived
  return counted == 0 and 100 or count.noticed / counted * 100, counted
end

--- @treturn string for people
function M.text(name, count)
  local share, counted = share_of(count)
  return ("%-36s %4d of %4d noticed, %5.1f %%; %d equivalent, %d the same code, %d do not compile"):format(name,
    count.noticed, counted, share, count.equivalent, count.same, count.broken)
end

--- Prints those of files, from their logs.
-- @tparam {string,...} paths
-- @tparam function log_of a path
-- @treturn number the share of all, in per cent
function M.report(paths, log_of)
  local sum = M.none()
  print ""
  for _, path in ipairs(paths) do
    local count = M.read(log_of(path))
    for _, name in ipairs(NAMES) do sum[name] = sum[name] + count[name] end
    print(M.text(path, count))
  end
  print(M.text("all of these", sum))
  return (share_of(sum))
end

return M
