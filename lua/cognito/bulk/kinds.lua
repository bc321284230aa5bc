--- What kind of file a list of users is: by its name, or by its first line.
-- @module cognito.bulk.kinds

local blanks = require "cognito.blanks"
local c_locale = require "cognito.c_locale"
local cells = require "cognito.bulk.cells"
local csv = require "cognito.bulk.csv"
local failure = require "cognito.bulk.failure"
local foreign = require "cognito.bulk.foreign"
local printable = require "cognito.printable"

local M = {}

local SHOWN = 60 -- bytes of a line in a message

local endings = { csv = "csv", tsv = "csv", jsonl = "jsonl", ndjson = "jsonl", json = "jsonl" }

-- The format that a path's ending tells.
local function by_name(path)
  local ending = path:match "%.(%w+)$"
  return ending and endings[c_locale.lower(ending)]
end

--- What `cognito list-users` writes into a pipe: no header, tabs, the status
-- second, whether the account is enabled third.
M.LISTED = "^([^\t]*)\t[A-Z_]*\t[a-z]+\t"

--- Whether a line is a header of CSV.
-- @tparam string line
-- @tparam table names of columns, one of which it has
-- @treturn boolean
-- @raise a cognito.Error where it has several of one name
function M.has_header(line, names)
  local fields = failure.catch(csv.fields, line)
  for _, name in ipairs(fields and names or {}) do
    if csv.column(fields, name) then
      return true
    end
  end
  return false
end

local function refuse(line)
  local shown = printable.clean((line:sub(1, SHOWN):gsub("\t", " ")))
  failure.raise("invalid_input", ("line 1: the file's format is not recognized: its first line is %q: give CSV a"
    .. " header with the column username, or say the format: csv, jsonl or lines"):format(shown), { line = 1 })
end

local function is_csv(line, names)
  return line:find '^"?[sS][eE][pP]=.' or line:sub(1, #cells.HEAD) == cells.HEAD or M.has_header(line, names)
end

-- The format that the first line tells.
local function by_line(line)
  if line:find "^%s*[%[{]" then
    return "jsonl"
  elseif line:find(M.LISTED) then
    return "listed"
  elseif blanks.trim(line):find '[,;\t"]' then
    refuse(blanks.trim(line))
  end
  return "lines"
end

--- The format of a file.
-- @tparam table source `file`: its path; `delimiter`, where it is CSV
-- @tparam ?string line the first one that is not empty
-- @tparam table names of columns, one of which CSV has
-- @treturn string csv, jsonl, listed or lines
-- @raise a cognito.Error where nothing can be told, or it is no list of users
function M.of(source, line, names)
  line = line and line:gsub("\r+$", "") or ""
  if is_csv(line, names) then
    return by_name(source.file) or "csv"
  end
  foreign.refuse_line(line)
  return by_name(source.file) or source.delimiter and "csv" or by_line(line)
end

return M
