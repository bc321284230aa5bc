--- What this process holds, as Linux tells it.

local lfs = require "lfs"

local M = {}

local PAGE = 4096 -- bytes; where pages are larger the bounds are only wider

--- Open descriptors.
-- @treturn integer
function M.descriptors()
  local n = 0
  for _ in lfs.dir "/proc/self/fd" do n = n + 1 end
  return n
end

--- Memory in use (resident).
-- @treturn integer bytes
function M.memory()
  local file = assert(io.open "/proc/self/statm")
  local pages = file:read("*a"):match "^%d+ (%d+)"
  file:close()
  return tonumber(pages) * PAGE
end

--- The bytes by which memory may grow without being suspect. ASan and valgrind
-- keep what was freed for a while; there they watch.
-- @treturn integer
function M.margin()
  return (os.getenv "ASAN_OPTIONS" or os.getenv "VALGRIND_LUA") and 2 ^ 30 or 16 * 2 ^ 20
end

return M
