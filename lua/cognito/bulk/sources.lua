--- Where the names of users come from: CSV, JSON, plain lines, standard input, or whatever the program iterates over.
--
-- Each source is a function that returns one entry a call, nil at the end:
-- `{ name, line, expected }`, or a user of the pool as `cognito.bulk.users`
-- gives them. `expected` is what stands in the column `expect_email`; `by_sub`
-- says that the name is a `sub`, and nothing else.
-- @module cognito.bulk.sources

local blanks = require "cognito.blanks"
local columns = require "cognito.bulk.columns"
local csv = require "cognito.bulk.csv"
local documents = require "cognito.bulk.documents"
local earlier = require "cognito.bulk.earlier"
local failure = require "cognito.bulk.failure"
local kinds = require "cognito.bulk.kinds"
local lines = require "cognito.bulk.lines"
local printable = require "cognito.printable"
local text = require "cognito.bulk.text"

local M = {}

local function complain(line, message, ...)
  failure.raise("invalid_input", ("line %d: "):format(line) .. message:format(...), { line = line })
end

local function check_name(name, line)
  if type(name) ~= "string" then
    complain(line, "the user's name is missing")
  end
  name = blanks.trim(name)
  if name == "" then
    complain(line, "the user's name is empty")
  elseif name:find("\r", 1, true) then
    complain(line, "the user's name holds carriage returns: lines end with LF or CRLF")
  elseif name:find "[%z\1-\31\127]" then
    complain(line, "the user's name holds control characters")
  elseif not text.is_utf8(name) then
    complain(line, "this is not UTF-8")
  end
  return name
end

-- ---- formats ----

-- Reports say of each user what became of them.
local function refuse_outcomes(options)
  if options.outcome then
    failure.raise("invalid_input", "outcome needs a report, or a journal: this is no report of a bulk job")
  end
end

-- Leaves out of a report who is not wanted. `read` returns a user's name, sub
-- and outcome, and the line.
local function from_report(read, options)
  local wanted = earlier.outcomes(options.outcome)
  return function()
    local name, sub, outcome, line = read()
    while line and wanted and not wanted[outcome] do
      name, sub, outcome, line = read()
    end
    if line then
      local entry = earlier.entry(name, sub, line)
      entry.name = check_name(entry.name, line)
      return entry
    end
  end
end

local function from_csv_report(reader, names, options)
  local user, sub, outcome = columns.find(names, "user"), columns.find(names, "sub"), columns.find(names, "outcome")
  return from_report(function()
    local fields, line = reader:record()
    if fields then
      return fields[user], fields[sub], fields[outcome], line
    end
  end, options)
end

local function from_csv(read_line, options)
  local reader = csv.new(read_line, options.delimiter)
  local names = reader:header()
  if reader.is_report and not options.column then
    return from_csv_report(reader, names, options)
  end
  refuse_outcomes(options)
  local column = options.column and columns.find(names, options.column)
    or columns.of_names(names, ": say which one has the users' names (--column)")
  local expected = options.expect_email and columns.find(names, options.expect_email)
  return function()
    local fields, line = reader:record()
    return fields and { name = check_name(fields[column], line), line = line, expected = fields[expected] }
  end
end

local function numbered(read_line)
  local number = 0
  return function()
    while true do
      local line = read_line()
      if not line then
        return nil
      end
      number = number + 1
      if not blanks.are_all(line) then
        return line:gsub("\r+$", ""), number
      end
    end
  end
end

-- Returns what gives the objects, and whether they are a report's, whose head
-- is left out.
local function objects(read_line)
  local next_object = documents.objects(read_line)
  local first, number = next_object()
  if first and type(first.audit) == "table" then
    return next_object, true
  end
  return function()
    local object, line = first, number
    if object then
      first = nil
      return object, line
    end
    return next_object()
  end, false
end

local function from_json_report(next_object, options)
  return from_report(function()
    local object, line = next_object()
    if object then
      return object.user, object.sub, object.outcome, line
    end
  end, options)
end

local function from_json(read_line, options)
  local next_object, is_report = objects(read_line)
  if is_report and not options.column then
    return from_json_report(next_object, options)
  end
  refuse_outcomes(options)
  return function()
    local object, number = next_object()
    if not object then
      return nil
    end
    local expected = options.expect_email and documents.value(object, options.expect_email, number)
    return {
      name = check_name(columns.name_in(object, options.column, number), number), line = number,
      expected = type(expected) == "string" and expected or options.expect_email and "" or nil,
    }
  end
end

local function from_plain_lines(read_line, options)
  if options.expect_email or options.column then
    failure.raise("invalid_input", "plain lines have no columns: give a CSV file or JSON lines")
  end
  refuse_outcomes(options)
  local next_line = numbered(read_line)
  return function()
    local line, number = next_line()
    return line and { name = check_name(line, number), line = number }
  end
end

-- What `cognito list-users` prints for programs.
local function from_listed(read_line, options)
  if options.expect_email or options.column then
    failure.raise("invalid_input", "this list has no columns with names: make it with list-users --json")
  end
  refuse_outcomes(options)
  local next_line = numbered(read_line)
  return function()
    local line, number = next_line()
    local name = line and line:match(kinds.LISTED)
    if line and not name then
      complain(number, "this is no line of cognito list-users, as the first one is")
    end
    return line and { name = check_name(name, number), line = number }
  end
end

--- The formats by name; `listed` is known by its look only.
M.formats = { csv = from_csv, jsonl = from_json, lines = from_plain_lines, listed = from_listed }

-- The first line that is not empty, and what gives all lines.
local function peek(read_line)
  local seen, at = {}, 0
  repeat
    seen[#seen + 1] = read_line()
    local last = seen[#seen]
    local is_done = #seen == at or not blanks.are_all(last)
    at = #seen
  until is_done
  local i = 0
  return seen[#seen], function()
    i = i + 1
    if i <= #seen then
      return seen[i]
    end
    return read_line()
  end
end

-- What errors call a file.
local function name_of(path)
  return path == "-" and "standard input" or path
end

local function read(source, file, options)
  local first, read_line = peek(lines.of(file, printable.clean(name_of(source.file))))
  local format = source.format or kinds.of(source, first, columns.names(options))
  return M.formats[format](read_line, options)
end

-- ---- sources ----

-- Names the file in what is wrong with one of its lines.
local function in_file(path, f, ...)
  local found, err = failure.catch(function(...) return { f(...) } end, ...)
  if found then
    return found[1]
  elseif err.line then
    err.file = name_of(path)
    err.message = ("%s, %s"):format(printable.clean(err.file), err.message)
  end
  error(err, 0)
end

local function naming(path, next_entry)
  return function() return in_file(path, next_entry) end
end

local function check_options(source)
  local delimiter = source.delimiter
  if source.format and not (M.formats[source.format] and source.format ~= "listed") then
    failure.raise("invalid_input", "format must be csv, jsonl or lines")
  elseif delimiter and not csv.is_delimiter(delimiter) then
    failure.raise("invalid_input", "delimiter must be one character: a punctuation mark or a tab")
  end
end

local function from_file(source, options)
  check_options(source)
  local file, message
  if source.file == "-" then
    file = io.stdin
  else
    file, message = io.open(source.file, "rb")
  end
  if not file then
    failure.raise("invalid_input", "the users cannot be read: " .. message)
  end
  return naming(source.file, in_file(source.file, read, source, file, { column = source.column,
    delimiter = source.delimiter, expect_email = options.expect_email, outcome = source.outcome }))
end

-- Whatever a program gives: a name, `{ username =, email = }`, or a user.
local function entry_of(value, number, options)
  if type(value) == "string" then
    return { name = check_name(value, number), line = number }
  elseif type(value) ~= "table" then
    complain(number, "a user is a name or a table, not a %s", type(value))
  elseif value.sub then
    check_name(value.username, number)
    return value
  end
  local expected = options.expect_email and (value[options.expect_email] or "")
  return { name = check_name(value.username, number), line = value.line or number, expected = expected or nil }
end

local function from_iterator(iterate, options)
  local number = 0
  return function()
    local value = iterate()
    if value == nil then
      return nil
    end
    number = number + 1
    return entry_of(value, number, options)
  end
end

local function from_list(list, options)
  local i = 0
  return from_iterator(function()
    i = i + 1
    return list[i]
  end, options)
end

-- Users of the pool, or of an earlier job, come without a column of addresses.
local function refuse_column(options)
  if options.expect_email then
    failure.raise("invalid_input", "expect_email needs a file or a list with that column")
  end
end

--- Opens a source of names.
-- @tparam string|function|table source a file's path (`-`: standard input), an
--   iterator, a list, `{ file =, format =, delimiter =, column =,
--   outcome = }`, or `{
--   journal =, outcome = }` of an earlier job
-- @tparam table options `expect_email`: the column with the address that the
--   user should have; `pool`: the id of the pool that a journal must be for
-- @treturn function returns the next entry, nil at the end
-- @raise a cognito.Error
function M.open(source, options)
  if type(source) == "function" then
    return from_iterator(source, options)
  elseif type(source) == "string" then
    return from_file({ file = source }, options)
  elseif type(source) == "table" and source.file then
    return from_file(source, options)
  elseif type(source) == "table" and source.journal then
    refuse_column(options)
    return earlier.open(source, options.pool)
  elseif type(source) == "table" then
    return from_list(source, options)
  end
  failure.raise("invalid_input", "users must be a file, a list, an iterator, or { filter = … }")
end

return M
