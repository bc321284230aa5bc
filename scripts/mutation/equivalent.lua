--- Changes that no spec can notice, with the reasons: spec/mutation/equivalent.txt.
--
--     lua/cognito/retry.lua
--       - the line as it is
--       + the line as changed
--       = why they are equivalent

local M = {}

local function trim(text)
  return text:match "^%s*(.-)%s*$"
end

local function key(path, before, after)
  return table.concat({ path, trim(before), trim(after) }, "\0")
end

--- @treturn table by the key of a change: its reason
function M.read(file)
  local found, path, before, after = {}, nil, nil, nil
  for line in io.lines(file) do
    local mark, text = line:match "^  ([-+=]) ?(.*)$"
    if mark == "-" then before = text
    elseif mark == "+" then after = text
    elseif mark == "=" then found[key(path, before, after)] = text
    elseif line:match "^%w+/" then path = trim(line) end
  end
  return found
end

local function line_of(text, number)
  for line in text:gmatch "([^\n]*)\n?" do
    number = number - 1
    if number == 0 then return line end
  end
  return ""
end

--- The line of a change, before and after it.
function M.lines(original, change)
  return trim(line_of(original, change.line)), trim(line_of(change.text, change.line))
end

M.key = key

return M
