--- Where the names of users come from: CSV, JSON lines, plain lines, standard
-- input, or whatever the program iterates over.
--
-- Each source is a function that returns one entry a call, nil at the end:
-- `{ name, line, expected }`, or a user of the pool as `cognito.bulk.users`
-- gives them. `expected` is what stands in the column `expect_email`.
-- @module cognito.bulk.sources

local cjson = require("cjson").new()
local csv = require "cognito.bulk.csv"
local failure = require "cognito.bulk.failure"
local lines = require "cognito.bulk.lines"
local printable = require "cognito.printable"
local text = require "cognito.bulk.text"

local M = {}

cjson.decode_max_depth(8)

-- The second is what AWS's own import and export of users calls it.
local COLUMNS = { "username", "cognito:username" }

local function complain(line, message, ...)
  failure.raise("invalid_input", ("line %d: "):format(line) .. message:format(...), { line = line })
end

-- No name begins or ends with white space: the service's own pattern for
-- usernames has none.
local function check_name(name, line)
  if type(name) ~= "string" then
    complain(line, "the user's name is missing")
  end
  name = name:match "^[ \t]*(.-)[ \t]*$"
  if name == "" then
    complain(line, "the user's name is empty")
  elseif name:find("\r", 1, true) then
    complain(line, "the user's name holds carriage returns: lines end with LF or CRLF")
  elseif name:find("%c") then
    complain(line, "the user's name holds control characters")
  elseif not text.is_utf8(name) then
    complain(line, "this is not UTF-8")
  end
  return name
end

-- ---- formats ----

local function index_of(names, wanted)
  for i, name in ipairs(names) do
    if name == wanted then
      return i
    end
  end
end

local function listed(names)
  local shown = table.concat(names, ", ", 1, math.min(#names, 10))
  return #names > 10 and shown .. ", …" or shown
end

local function find_column(names, wanted)
  for _, name in ipairs(wanted) do
    local found = index_of(names, name)
    if found then
      return found
    end
  end
  complain(1, "there is no column %s; there are: %s", wanted[1], listed(names))
end

-- A report names each user whom the plan found by `sub` as well: that is the
-- person, whoever has the name by now.
local function report_name(names)
  local user, sub = find_column(names, { "user" }), find_column(names, { "sub" })
  return function(fields) return fields[sub] ~= "" and fields[sub] or fields[user] end
end

local function name_in(names, options, is_report)
  if is_report and not options.column then
    return report_name(names)
  end
  local column = find_column(names, options.column and { options.column } or COLUMNS)
  return function(fields) return fields[column] end
end

local function from_csv(read_line, options)
  local reader = csv.new(read_line)
  local names = reader:header()
  local name_of = name_in(names, options, reader.is_report)
  local expected = options.expect_email and find_column(names, { options.expect_email })
  return function()
    local fields, line = reader:record()
    return fields and { name = check_name(name_of(fields), line), line = line, expected = fields[expected] }
  end
end

local function member(object, names)
  for _, name in ipairs(names) do
    if object[name] ~= nil then
      return object[name]
    end
  end
end

local function read_object(line, number)
  local ok, object = pcall(cjson.decode, line)
  if not ok or type(object) ~= "table" and type(object) ~= "string" then
    complain(number, "this is no JSON object")
  end
  return type(object) == "string" and { username = object } or object
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
      line = line:gsub("\r$", "")
      if line ~= "" then
        return line, number
      end
    end
  end
end

local REPORT_MEMBERS = { "sub", "user" }

-- The objects after the head of a report, where there is one.
local function objects(read_line)
  local next_line, is_report = numbered(read_line), false
  return function()
    local line, number = next_line()
    local object = line and read_object(line, number)
    if number == 1 and object and type(object.audit) == "table" then
      is_report = true
      line, number = next_line()
      object = line and read_object(line, number)
    end
    return object, number, is_report
  end
end

local function from_json_lines(read_line, options)
  local next_object = objects(read_line)
  return function()
    local object, number, is_report = next_object()
    if not object then
      return nil
    end
    local names = options.column and { options.column } or is_report and REPORT_MEMBERS or COLUMNS
    local expected = options.expect_email and object[options.expect_email]
    return {
      name = check_name(member(object, names), number), line = number,
      expected = type(expected) == "string" and expected or options.expect_email and "" or nil,
    }
  end
end

local function from_plain_lines(read_line, options)
  if options.expect_email or options.column then
    failure.raise("invalid_input", "plain lines have no columns: give a CSV file or JSON lines")
  end
  local next_line = numbered(read_line)
  return function()
    local line, number = next_line()
    return line and { name = check_name(line, number), line = number }
  end
end

--- The formats by name.
M.formats = { csv = from_csv, jsonl = from_json_lines, lines = from_plain_lines }

local endings = { csv = "csv", jsonl = "jsonl", ndjson = "jsonl", json = "jsonl" }

local function format_of(source)
  local ending = source.file:match "%.(%w+)$"
  return source.format or endings[ending and ending:lower()] or "lines"
end

-- ---- sources ----

-- Names the file in what is wrong with one of its lines.
local function in_file(path, f, ...)
  local found, err = failure.catch(function(...) return { f(...) } end, ...)
  if found then
    return found[1]
  elseif err.line then
    err.file = path == "-" and "standard input" or path
    err.message = ("%s, %s"):format(printable.clean(err.file), err.message)
  end
  error(err, 0)
end

local function naming(path, next_entry)
  return function() return in_file(path, next_entry) end
end

local function from_file(source, options)
  local format = M.formats[format_of(source)]
  if not format then
    failure.raise("invalid_input", "format must be csv, jsonl or lines")
  end
  local file, message
  if source.file == "-" then
    file = io.stdin
  else
    file, message = io.open(source.file, "rb")
  end
  if not file then
    failure.raise("invalid_input", "the users cannot be read: " .. message)
  end
  return naming(source.file, in_file(source.file, format, lines.of(file),
    { column = source.column, expect_email = options.expect_email }))
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

--- Opens a source of names.
-- @tparam string|function|table source a file's path (`-`: standard input), an
--   iterator, a list, or `{ file =, format =, column = }`
-- @tparam table options `expect_email`: the column with the address that the
--   user should have
-- @treturn function returns the next entry, nil at the end
-- @raise a cognito.Error
function M.open(source, options)
  if type(source) == "function" then
    return from_iterator(source, options)
  elseif type(source) == "string" then
    return from_file({ file = source }, options)
  elseif type(source) == "table" and source.file then
    return from_file(source, options)
  elseif type(source) == "table" then
    return from_list(source, options)
  end
  failure.raise("invalid_input", "users must be a file, a list, an iterator, or { filter = … }")
end

return M
