--- What this process holds, as Linux tells it.

local M = {}

local PAGE = 4096 -- bytes; where pages are larger the bounds are only wider

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

--- Open descriptors. Inside nginx there may be nothing that lists a folder, so
-- each number is tried that the process has room for.
-- @treturn integer
function M.descriptors()
  local n = 0
  for fd = 0, tonumber(read("/proc/self/status"):match "FDSize:%s*(%d+)") - 1 do
    local file = io.open("/proc/self/fdinfo/" .. fd)
    if file then
      file:close()
      n = n + 1
    end
  end
  return n
end

--- Memory in use (resident).
-- @treturn integer bytes
function M.memory()
  return tonumber(read("/proc/self/statm"):match "^%d+ (%d+)") * PAGE
end

--- The bytes by which memory may grow without being suspect. ASan and valgrind
-- keep what was freed for a while; there they watch.
-- @treturn integer
function M.margin()
  return (os.getenv "ASAN_OPTIONS" or os.getenv "VALGRIND_LUA") and 2 ^ 30 or 16 * 2 ^ 20
end

return M
