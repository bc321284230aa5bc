--- Lists of users that have been damaged, and bytes without sense, for every
-- reader of such files. The same seed makes the same files on every Lua.
-- To look for more: lua5.4 -e 'require("spec.support.source_noise").hunt(SEED, ROUNDS)'
-- with the paths of `make spec`.

local blanks = require "cognito.blanks"
local failure = require "cognito.bulk.failure"
local noise = require "spec.support.noise"
local people = require "cognito.sandbox.people"
local printable = require "cognito.printable"
local sources = require "cognito.bulk.sources"
local text = require "cognito.bulk.text"

local M = {}

local CSV = 'username,email,"a ""note"""\r\nada,ada@example.com,"x\r\ny"\r\n"b,ob",bob@example.com,\r\n'
  .. "\195\169mile,emile@example.com,\240\159\152\128\r\n,,\r\n"

local function utf16(ascii, is_big)
  return (is_big and "\254\255" or "\255\254") .. ascii:gsub(".", is_big and "\0%0" or "%0\0")
end

--- Files that are read, by what they are.
M.valid = {
  csv = CSV,
  semicolons = (CSV:gsub(",", ";")),
  ["sep="] = "sep=\t\r\nusername\temail\tx\r\nada\tada@example.com\t1\r\n",
  bars = "username|email\nada|ada@example.com\n",
  ["old Mac"] = (CSV:gsub("\r\n", "\r")),
  ["a byte order mark"] = "\239\187\191" .. CSV,
  ["UTF-16"] = utf16 "username;email\r\nada;ada@example.com\r\nbob;\r\n",
  ["UTF-16, big endian"] = utf16("username\tx\r\nada\t1\r\nbob\t2\r\n", true),
  document = '{\n "Users": [\n  {"Username": "ada", "Attributes": [{"Name": "email", "Value": "a}@example.com"}],\n'
    .. '   "Enabled": true},\n  {"Username": "bob\\u00e9", "Attributes": []}\n ]\n}\n',
  list = '[{"username":"ada","email":"a@example.com"},\n"bob", {"cognito:username":"carl"}]',
  objects = '{"username":"ada","email":"a@example.com"}\n"bob"\n{"Username":"carl","sub":"1"}\n',
  lines = "ada\n  bob\t\n\ncarl \195\169\n\194\160dora\n",
  listed = "ada\tCONFIRMED\tenabled\t2026-01-01T00:00:00Z\ta@example.com\n"
    .. "bob\tUNCONFIRMED\tdisabled\t\t\n",
  report = "# cognito bulk report\n# job=1\nuser,sub,line,outcome\nada,s-1,1,failed\n'=bob,s-2,2,accepted\n",
  ["report of objects"] = '{"audit":{"job":"1"}}\n{"user":"ada","sub":"s-1","outcome":"failed"}\n'
    .. '{"user":"bob","sub":"s-2","outcome":"accepted"}\n',
  addresses = "ada:ada@example.com\nbob:+491511234567\n# note\ncarl\n",
}

local names = {}
for name in pairs(M.valid) do names[#names + 1] = name end
table.sort(names)

-- As compressed data are: no two bytes alike.
local function random_bytes(source, count)
  local bytes = {}
  for i = 1, count do bytes[i] = string.char(source:upto(256) - 1) end
  return table.concat(bytes)
end

-- Not the marks of UTF-16: behind them any bytes may be letters.
local heads = { "", "PK\3\4\20\0", "\31\139\8\0", "\208\207\17\224", "SQLite format 3\0", "%PDF-1.7\n", "\239\187\191",
  "username,", "[", "{", '"', "\253" .. "7zXZ\0" }

--- A file that holds no list of users.
-- @tparam table source of `noise.new`
-- @treturn string
function M.binary(source)
  return source:one(heads) .. random_bytes(source, 100 + source:upto(400))
end

--- A list of users with up to five faults, or none, which is then read in a
-- way that may not suit it.
-- @tparam table source of `noise.new`
-- @treturn string
-- @treturn string what it was
function M.damaged(source)
  local name = source:one(names)
  local bytes = M.valid[name]
  return source:upto(4) == 1 and bytes or source:damage(bytes), name
end

-- Mostly nothing is said of a file.
local options = {
  {}, {}, {}, {}, {}, {}, {}, {}, { format = "csv" }, { format = "jsonl" }, { format = "lines" }, { delimiter = ";" },
  { delimiter = "|" }, { column = "email" }, { outcome = { "failed" } },
}

-- A name that the service could have; whatever else is in a file, no other
-- comes out.
local function check_name(name)
  assert(type(name) == "string" and name ~= "" and name == blanks.trim(name), "no name")
  assert(not name:find "%c" and text.is_utf8(name), "a name of bytes")
end

-- The number of users in a file, nil where it is refused.
local function count(path, given, expect_email)
  local source, n = { file = path }, 0
  for key, value in pairs(given) do source[key] = value end
  local read, err = failure.catch(function()
    for entry in sources.open(source, { expect_email = expect_email }) do
      check_name(entry.name)
      n = n + 1
    end
    return true
  end)
  assert(read or err.code == "invalid_input", "not refused as input")
  assert(read or err.message == printable.clean(err.message), "a message that obeys the file")
  return read and n
end

local endings = { "", ".csv", ".json", ".jsonl", ".txt", ".tsv" }

-- The file under a name, which may tell its format.
local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

--- Reads a file in one way, as lists for `bulk` and as users of the sandbox.
-- @tparam table source of `noise.new`
-- @tparam string folder where the file is written
-- @tparam string bytes
-- @treturn ?number how many users there are, nil where it is refused
-- @raise where anything but a refusal, or a name, comes out
function M.read(source, folder, bytes)
  local path = folder .. "/noise" .. source:one(endings)
  write(path, bytes)
  local n = count(path, source:one(options), source:upto(4) == 1 and "email" or nil)
  local users, problem = people.from_file(path)
  assert(type(users) == "table" or type(problem) == "string", "neither users nor a problem")
  os.remove(path)
  return n
end

--- Reads many files, and prints each that brings a fault to light.
-- @tparam number seed
-- @tparam number rounds
function M.hunt(seed, rounds)
  local source, folder, faults, read = noise.new(seed), os.getenv "TMPDIR" or "/tmp", 0, 0
  for round = 1, rounds do
    local is_binary = source:upto(4) == 1
    local bytes = is_binary and M.binary(source) or M.damaged(source)
    local ok, n = pcall(M.read, source, folder, bytes)
    read = read + (ok and n and n > 0 and 1 or 0)
    if not ok or is_binary and n and n > 0 then
      faults = faults + 1
      print(round, tostring(n), ("%q"):format(bytes))
    end
  end
  print(("seed %d: %d files, %d with users, %d faults"):format(seed, rounds, read, faults))
end

return M
