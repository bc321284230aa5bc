--- Lists of users in any format, as bulk jobs and the sandbox read them.
--
-- An input: a byte that says how it is read, and the file.

local blanks = require "cognito.blanks"
local core = require "cognito.core"
local failure = require "cognito.bulk.failure"
local printable = require "cognito.printable"
local sources = require "cognito.bulk.sources"

-- Mostly nothing is said of a file.
local ways = {
  {}, {}, {}, {}, { format = "csv" }, { format = "jsonl" }, { format = "lines" }, { delimiter = ";" },
  { delimiter = "|" }, { column = "email" }, { outcome = { "failed" } }, { expect_email = "email" },
}

local FIRST = 1024 -- bytes, by which files are known

-- Gives the bytes in pieces, and lines ends fall between any two.
local function file_of(bytes, pieces)
  local at = 1
  return {
    read = function(_, most)
      if at > #bytes then return nil end
      if most == 0 then return "" end
      local size = at == 1 and FIRST or pieces
      at = at + size
      return bytes:sub(at - size, at - 1)
    end,
    close = function() end,
  }
end

local function check_name(name)
  assert(type(name) == "string" and name ~= "" and name == blanks.trim(name), "no name")
  assert(not name:find "%c" and core.is_utf8(name), "a name of bytes")
end

-- Returns the names, joined, or what is wrong with the file.
local function read(bytes, size, way)
  local names, stdin = {}, io.stdin
  io.stdin = file_of(bytes, size) -- luacheck: ignore
  local good, err = failure.catch(function()
    local source = { file = "-", format = way.format, delimiter = way.delimiter, column = way.column,
      outcome = way.outcome }
    for entry in sources.open(source, { expect_email = way.expect_email }) do
      check_name(entry.name)
      names[#names + 1] = entry.name
    end
    return true
  end)
  io.stdin = stdin -- luacheck: ignore
  if not good then
    assert(err.code == "invalid_input", "not refused as input")
    assert(err.message == printable.clean(err.message), "a message that obeys the file")
    return err.message
  end
  return table.concat(names, "\n")
end

return function(bytes)
  local way = ways[(bytes:byte() or 0) % #ways + 1]
  local file = bytes:sub(2)
  local whole = read(file, 65536, way)
  assert(whole == read(file, 1 + #file % 7, way), "in pieces it is another list")
end
