-- report.lua FOLDER FLOORS MODULE...: what ran, of all that scripts/coverage/run
-- left in FOLDER: a table of the files, the worst first, and the places that did
-- not run in FOLDER/missing.txt. Fails under the floors in the file FLOORS.
package.path = "scripts/coverage/?.lua;" .. package.path

local c_lines = require "c_lines"
local lua_lines = require "lua_lines"

local folder, floors_file = arg[1], arg[2]
local modules = { arg[3], arg[4] }

-- ---- the figures ----

local function share(part, whole)
  return whole == 0 and 100 or part / whole * 100
end

local function by_share(a, b)
  local x, y = share(a.lines, a.of_lines), share(b.lines, b.of_lines)
  if x ~= y then return x < y end
  x, y = share(a.branches, a.of_branches), share(b.branches, b.of_branches)
  if x ~= y then return x < y end
  return a.path < b.path
end

local function sum(files)
  local all = { path = "all of it", lines = 0, of_lines = 0, branches = 0, of_branches = 0 }
  for _, file in ipairs(files) do
    for _, name in ipairs { "lines", "of_lines", "branches", "of_branches" } do all[name] = all[name] + file[name] end
  end
  return all
end

-- ---- showing them ----

local function figure(part, whole)
  if whole == 0 then return ("%16s"):format "" end
  return ("%9s %5.1f %%"):format(("%d/%d"):format(part, whole), math.floor(share(part, whole) * 10) / 10)
end

local function show(file)
  print(("%-44s %s %s"):format(file.path, figure(file.lines, file.of_lines), figure(file.branches, file.of_branches)))
end

local function show_all(title, files)
  table.sort(files, by_share)
  print(("\n%-44s %17s %17s"):format(title, "lines", files[1] and files[1].of_branches > 0 and "branches" or ""))
  local whole = 0
  for _, file in ipairs(files) do
    if file.lines == file.of_lines and file.branches == file.of_branches then whole = whole + 1 else show(file) end
  end
  print(("%d more files run whole"):format(whole))
  local all = sum(files)
  show(all)
  return all
end

local function write_missing(path, files)
  local out = assert(io.open(path, "w"))
  for _, file in ipairs(files) do
    for _, place in ipairs(file.missing) do out:write(place, "\n") end
  end
  out:close()
end

-- ---- the floors ----

local function floors()
  local found = {}
  for line in io.lines(floors_file) do
    local folder_name, what, least = line:match "^(%w+)/ (%w+) ([%d.]+)"
    if folder_name then found[#found + 1] = { folder = folder_name, what = what, least = tonumber(least) } end
  end
  return found
end

local function under(floor, all)
  local got = share(all[floor.what], all["of_" .. floor.what])
  if got >= floor.least then return false end
  print(("%s/: %.2f %% of the %s run, and the floor is %.2f %% (%s)"):format(floor.folder, got, floor.what,
    floor.least, floors_file))
  return true
end

local function stale(files)
  local found = false
  for _, file in ipairs(files) do
    for _, place in ipairs(file.stale or {}) do
      print(place .. ": marked as unreachable, and it runs")
      found = true
    end
  end
  return found
end

local c, lua = c_lines(folder, modules), lua_lines(folder)
local all = { src = show_all("src/", c), lua = show_all("lua/", lua) }
write_missing(folder .. "/missing.txt", c)
write_missing(folder .. "/missing-lua.txt", lua)
local bad = stale(c)
for _, floor in ipairs(floors()) do bad = under(floor, all[floor.folder]) or bad end
os.exit(bad and 1 or 0)
