--- CSV as RFC 4180 has it, read as a stream: quotes, and line ends within
-- them. Fields may also be separated by semicolons or tabs, as spreadsheets
-- write them. Every error names the line.
-- @module cognito.bulk.csv

local blanks = require "cognito.blanks"
local c_locale = require "cognito.c_locale"
local cells = require "cognito.bulk.cells"
local failure = require "cognito.bulk.failure"

local M = {}

local LONGEST = 1024 * 1024 -- bytes of a record
local MOST = 1000 -- fields of a record

--- Between fields, and the words for it.
M.delimiters = { [","] = "comma", [";"] = "semicolon", ["\t"] = "tab", ["|"] = "bar" }

local function complain(line, message, ...)
  failure.raise("invalid_input", ("line %d: "):format(line) .. message:format(...), { line = line })
end

--- Whether a text can separate fields: a punctuation mark or a tab.
-- @tparam string given
-- @treturn boolean
function M.is_delimiter(given)
  return given:find '^[!#-/:-@%[-`{-~\t]$' ~= nil
end

local reader = {}
local reader_mt = { __index = reader }

-- The record that begins on this line, as text. It ends with the first line
-- end outside of quotes: where the number of quotes so far is even.
local function take_record(self)
  local begun, parts, size, quotes = self.line + 1, {}, 0, 0
  repeat
    local line = self.read_line()
    if not line then
      if parts[1] then
        complain(begun, "a quoted field does not end")
      end
      return nil
    end
    self.line = self.line + 1
    size = size + #line + 1
    if size > LONGEST then
      complain(begun, "the record is longer than %d bytes", LONGEST)
    end
    quotes = quotes + select(2, line:gsub('"', ""))
    parts[#parts + 1] = line
  until quotes % 2 == 0
  return (table.concat(parts, "\n"):gsub("\r+$", "")), begun
end

-- The quoted field that begins at a place: its value, and where it ends.
local function quoted_field(record, at, line, delimiter)
  local from = at + 1
  while true do
    local quote = record:find('"', from, true)
    if not quote then
      complain(line, "a quoted field does not end")
    elseif record:sub(quote + 1, quote + 1) ~= '"' then
      local after = record:sub(quote + 1, quote + 1)
      if after ~= "" and after ~= delimiter then
        complain(line, "after the end of a quoted field a %s is missing", M.delimiters[delimiter] or delimiter)
      end
      return (record:sub(at + 1, quote - 1):gsub('""', '"')), quote + 1
    end
    from = quote + 2
  end
end

local function plain_field(record, at, line, delimiter)
  local stop = record:find(delimiter, at, true) or #record + 1
  local value = record:sub(at, stop - 1)
  if value:find('"', 1, true) then
    complain(line, "a quote stands within a field that does not begin with one")
  end
  return value, stop
end

local function split(record, line, delimiter)
  local fields, at = {}, 1
  repeat
    if #fields == MOST then
      complain(line, "there are more than %d fields", MOST)
    end
    local field = record:sub(at, at) == '"' and quoted_field or plain_field
    local value, stop = field(record, at, line, delimiter)
    fields[#fields + 1] = value
    at = stop + 1
  until stop > #record
  return fields
end

-- What stands most often between the fields of a record; a comma, if nothing.
-- Names of columns may have bars where something else separates them.
local function guess(record)
  local bare, best, most = record:gsub('"[^"]*"', ""), ",", 0
  for _, delimiter in ipairs { ",", ";", "\t" } do
    local count = select(2, bare:gsub(delimiter, ""))
    if count > most then
      best, most = delimiter, count
    end
  end
  return most == 0 and bare:find("|", 1, true) and "|" or best
end

--- The fields of one line, separated by what stands most often in it.
-- @tparam string line
-- @treturn table
-- @raise a cognito.Error
function M.fields(line)
  return split(line, 1, guess(line))
end

-- The first line may name the delimiter, for Excel: `sep=;`.
local function named_delimiter(record)
  local named = record:match "^[sS][eE][pP]=(.)$" or record:match '^"[sS][eE][pP]=(.)"$'
  return named and M.is_delimiter(named) and named or nil
end

-- The next record that is not empty.
local function next_record(self)
  while true do
    local record, line = take_record(self)
    if not record then
      return nil
    elseif record ~= "" then
      return record, line
    end
  end
end

local function first_record(self)
  local record, line = next_record(self)
  local named = record and named_delimiter(record)
  while named do
    self.delimiter = self.delimiter or named
    record, line = next_record(self)
    named = record and named_delimiter(record)
  end
  self.delimiter = self.delimiter or record and guess(record)
  return record, line
end

local function is_blank(fields)
  for _, field in ipairs(fields) do
    if not blanks.are_all(field) then
      return false
    end
  end
  return true
end

-- The fields of the next record in which there are any: spreadsheets leave
-- rows of delimiters.
local function next_fields(self)
  local record, line
  if self.begun then
    record, line = next_record(self)
  else
    record, line = first_record(self)
    self.begun = true
  end
  while record do
    local fields = split(record, line, self.delimiter)
    if not is_blank(fields) then
      return fields, line
    end
    record, line = next_record(self)
  end
end

-- The head of one of our reports stands before its header. A spreadsheet that
-- saves it fills its rows up.
local function filled(fields)
  local bare = { fields[1] }
  for i = 2, #fields do
    bare[2] = bare[2] or fields[i] ~= "" and fields[i] or nil
  end
  return bare
end

local function skip_head(self, fields)
  self.is_report = fields ~= nil and cells.is_mark(filled(fields))
  while self.is_report and fields and cells.is_head(filled(fields)) do
    fields = next_fields(self)
  end
  return fields
end

--- A name as columns are found by: without blanks around it, in lower case.
-- @tparam string name
-- @treturn string
function M.folded(name)
  return c_locale.lower(blanks.trim(name))
end

--- The column of a name: the one that is written so, or else the one that is
-- where case and blanks around it do not count.
-- @tparam table names of the columns
-- @tparam string wanted
-- @treturn ?number
-- @raise a cognito.Error where several are
function M.column(names, wanted)
  local exact, alike = {}, {}
  for i, name in ipairs(names) do
    exact[#exact + 1] = name == wanted and i or nil
    alike[#alike + 1] = M.folded(name) == M.folded(wanted) and i or nil
  end
  local found = exact[1] and exact or alike
  if found[2] then
    complain(1, "there are several columns %s: leave one, or give the others another name", wanted)
  end
  return found[1]
end

--- The names of the columns, from the first record. In a report of a bulk job
-- that is the first record after the head; `is_report` tells so.
-- @treturn table list of names
-- @raise a cognito.Error
function reader:header()
  local fields = skip_head(self, next_fields(self))
  if not fields then
    complain(1, "there is no header")
  end
  self.width, self.names = #fields, fields
  return fields
end

-- Files that were joined have their header again. Where there is one column
-- only it may be a name.
local function is_header_again(self, fields)
  for i, field in ipairs(fields) do
    if M.folded(field) ~= M.folded(self.names[i] or "") then
      return false
    end
  end
  return #fields > 1
end

local function unescape(fields)
  for i, field in ipairs(fields) do
    fields[i] = cells.unescaped(field)
  end
end

--- The next record that is not the header again.
-- @treturn ?table list of fields
-- @treturn ?number the line that it begins on
-- @raise a cognito.Error
function reader:record()
  local fields, line = next_fields(self)
  while fields and is_header_again(self, fields) do
    fields, line = next_fields(self)
  end
  if fields and #fields ~= self.width then
    complain(line, "there are %d fields, the header has %d", #fields, self.width)
  end
  if fields and self.is_report then
    unescape(fields)
  end
  return fields, line
end

--- Makes a reader.
-- @tparam function read_line returns the next line without its LF, nil at the
--   end
-- @tparam[opt] string delimiter else the one that the first line tells
-- @treturn table reader with the methods `header` and `record`
function M.new(read_line, delimiter)
  return setmetatable({ read_line = read_line, delimiter = delimiter, line = 0, begun = false }, reader_mt)
end

return M
