--- This process's resources, as Linux reports them.

local M = {}

local PAGE = 4096 -- bytes; where pages are larger the bounds are only wider

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

-- Each number that the process has room for: there may be nothing that lists a
-- folder. Valgrind keeps files of its own at the end of that room, some 20,000
-- numbers on.
local function count_numbers()
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

-- One of them lists the folder.
local function count_entries(lfs)
  local n = -1
  for name in lfs.dir "/proc/self/fd" do
    n = name:find "^%d" and n + 1 or n
  end
  return n
end

--- Open descriptors.
-- @treturn integer
function M.descriptors()
  local found, lfs = false, nil
  if not rawget(_G, "ngx") then
    found, lfs = pcall(require, "lfs")
  end
  return found and count_entries(lfs) or count_numbers()
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
