--- CSV as RFC 4180 has it, read as a stream: quotes, line ends within them,
-- LF or CRLF, a byte order mark. Every error names the line.
-- @module cognito.bulk.csv

local cells = require "cognito.bulk.cells"
local failure = require "cognito.bulk.failure"
local text = require "cognito.bulk.text"

local M = {}

local LONGEST = 1024 * 1024 -- bytes of a record
local MOST = 1000 -- fields of a record

local function complain(line, message, ...)
  failure.raise("invalid_input", ("line %d: "):format(line) .. message:format(...), { line = line })
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
  return (table.concat(parts, "\n"):gsub("\r$", "")), begun
end

-- The quoted field that begins at a place: its value, and where it ends.
local function quoted_field(record, at, line)
  local from = at + 1
  while true do
    local quote = record:find('"', from, true)
    if not quote then
      complain(line, "a quoted field does not end")
    elseif record:sub(quote + 1, quote + 1) ~= '"' then
      local after = record:sub(quote + 1, quote + 1)
      if after ~= "" and after ~= "," then
        complain(line, "after the end of a quoted field a comma is missing")
      end
      return (record:sub(at + 1, quote - 1):gsub('""', '"')), quote + 1
    end
    from = quote + 2
  end
end

local function plain_field(record, at, line)
  local stop = record:find(",", at, true) or #record + 1
  local value = record:sub(at, stop - 1)
  if value:find('"', 1, true) then
    complain(line, "a quote stands within a field that does not begin with one")
  end
  return value, stop
end

local function split(record, line)
  local fields, at = {}, 1
  repeat
    if #fields == MOST then
      complain(line, "there are more than %d fields", MOST)
    end
    local field = record:sub(at, at) == '"' and quoted_field or plain_field
    local value, stop = field(record, at, line)
    fields[#fields + 1] = value
    at = stop + 1
  until stop > #record
  return fields
end

-- The next record that is not empty.
local function next_fields(self)
  while true do
    local record, line = take_record(self)
    if not record then
      return nil
    elseif record ~= "" then
      if not text.is_utf8(record) then
        complain(line, "this is not UTF-8")
      end
      return split(record, line), line
    end
  end
end

-- The head of one of our reports stands before its header.
local function skip_head(self, fields)
  self.is_report = fields ~= nil and cells.is_mark(fields)
  while self.is_report and fields and cells.is_head(fields) do
    fields = next_fields(self)
  end
  return fields
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
  self.width = #fields
  return fields
end

local function unescape(fields)
  for i, field in ipairs(fields) do
    fields[i] = cells.unescaped(field)
  end
end

--- The next record.
-- @treturn ?table list of fields
-- @treturn ?number the line that it begins on
-- @raise a cognito.Error
function reader:record()
  local fields, line = next_fields(self)
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
-- @treturn table reader with the methods `header` and `record`
function M.new(read_line)
  return setmetatable({ read_line = read_line, line = 0 }, reader_mt)
end

return M
