-- busted under the Lua that runs this. The command of that name is run by
-- whichever `lua` the machine prefers, for which there may be no busted.
--
-- busted keeps all that it has run: after some two hundred files of specs a
-- gigabyte, through which each collection has to go. Of so many files, those
-- of each folder run in a process of their own, unless SPECS_TOGETHER is set.
local MANY = 30

local function quoted(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- The words of the command line that are no files of specs; the files by
-- folder, and the folders in order.
local function sorted_out(words)
  local others, files, folders, n = {}, {}, {}, 0
  for _, word in ipairs(words) do
    local folder = word:match "^(.*)/[^/]*_spec%.lua$"
    if not folder then
      others[#others + 1] = quoted(word)
    elseif files[folder] then
      table.insert(files[folder], quoted(word))
    else
      files[folder], folders[#folders + 1] = { quoted(word) }, folder
    end
    n = n + (folder and 1 or 0)
  end
  return n, others, files, folders
end

local function run_apart(others, files, folders)
  local failed = false
  local command = ("%s %s %s "):format(quoted(arg[-1]), quoted(arg[0]), table.concat(others, " "))
  for _, folder in ipairs(folders) do
    local status = os.execute(command .. table.concat(files[folder], " "))
    failed = failed or not (status == true or status == 0)
  end
  os.exit(failed and 1 or 0)
end

local n, others, files, folders = sorted_out(arg)
if n > MANY and #folders > 1 and not os.getenv "SPECS_TOGETHER" then
  run_apart(others, files, folders)
end
require "busted.runner" { standalone = false }
