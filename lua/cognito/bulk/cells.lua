--- Cells of a report in CSV that a spreadsheet can open without harm.
--
-- Excel and its like run a cell that begins with `=`, `+`, `-`, `@`, a tab or a
-- carriage return as a formula, and users choose their own names. An
-- apostrophe in front makes it a text (OWASP, CSV injection). A cell that
-- begins with an apostrophe gets another one, so that the escape can be
-- undone, and `#` is left to the head.
-- @module cognito.bulk.cells

local M = {}

--- The beginning of each cell of the head.
M.HEAD = "# "

--- The first line of the head: how `plan` knows a report, and that its cells
-- are escaped.
M.MARK = "cognito bulk report"

local ESCAPED = "^[=+%-@\t\r\n#']"

-- The same signs in full width, which some spreadsheets read alike: U+FF0B,
-- U+FF0D, U+FF1D and U+FF20.
local FULL_WIDTH = "^\239\188[\139\141\157\160]"

--- A text as a cell that no spreadsheet runs.
-- @tparam string text
-- @treturn string
function M.escaped(text)
  return (text:find(ESCAPED) or text:find(FULL_WIDTH)) and "'" .. text or text
end

--- Undoes `escaped`.
-- @tparam string cell
-- @treturn string
function M.unescaped(cell)
  return (cell:gsub("^'", ""))
end

-- Some spreadsheets separate at semicolons or tabs, whatever the file's name:
-- what follows one must not become a cell of its own.
local SEPARATORS = '[,;\t"\r\n]'

--- A cell with quotes around it, where it needs them.
-- @tparam string cell
-- @treturn string
function M.quoted(cell)
  if cell:find(SEPARATORS) then
    return '"' .. cell:gsub('"', '""') .. '"'
  end
  return cell
end

--- Whether a record belongs to a report's head.
-- @tparam table fields
-- @treturn boolean
function M.is_head(fields)
  return #fields == 1 and fields[1]:sub(1, #M.HEAD) == M.HEAD
end

--- Whether a record is the first one of a report.
-- @tparam table fields
-- @treturn boolean
function M.is_mark(fields)
  return #fields == 1 and fields[1] == M.HEAD .. M.MARK
end

return M
