-- Names as people write them down, and as they should not.
local failure = require "cognito.bulk.failure"
local helper = require "spec.support.bulk"
local sources = require "cognito.bulk.sources"

local function read(source, options)
  return failure.catch(function()
    local entries = {}
    for entry in sources.open(source, options or {}) do entries[#entries + 1] = entry end
    return entries
  end)
end

local function names(entries)
  local list = {}
  for i, entry in ipairs(entries) do list[i] = entry.name end
  return table.concat(list, " ")
end

local function fails(source, message, line, options)
  local entries, err = read(source, options)
  assert.is_nil(entries)
  assert.equal("invalid_input", err.code)
  assert.matches(message, err.message, 1, true)
  assert.equal(line, err.line)
  assert.is_string(err.hint)
end

describe("users from", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local file = helper.file

  describe("CSV", function()
    it("come from the column username, or the one that is named", function()
      local path = file("a.csv", "email,username\na@example.com,ada\nb@example.com,bob\n")
      assert.equal("ada bob", names(assert(read(path))))
      assert.equal("a@example.com b@example.com", names(assert(read { file = path, column = "email" })))
    end)

    it("come from what AWS's own export calls the column", function()
      assert.equal("ada", names(assert(read(file("a.csv", "cognito:username,name\nada,Ada\n")))))
    end)

    it("may stand in quotes, with commas, quotes and line ends within them", function()
      local entries = assert(read(file("a.csv", 'username,note\n"ada","a, ""b""\r\nc"\nbob,"x"\n"c,d",""\n')))
      assert.equal("ada bob c,d", names(entries))
      assert.equal(2, entries[1].line)
      assert.equal(4, entries[2].line)
    end)

    it("may have a byte order mark, CRLF, empty lines, and no line end at the end", function()
      local entries = assert(read(file("a.csv", "\239\187\191username,x\r\nada,1\r\n\r\n\r\nbob,2")))
      assert.equal("ada bob", names(entries))
      assert.equal(5, entries[2].line)
    end)

    it("bring the address that they should have", function()
      local entries = assert(read(file("a.csv", "username,mail\nada,A@example.com\nbob,\n"), { expect_email = "mail" }))
      assert.equal("A@example.com", entries[1].expected)
      assert.equal("", entries[2].expected)
    end)

    it("are refused without their column", function()
      fails(file("a.csv", "name,email\nada,x\n"), "there is no column username; there are: name, email", 1)
      fails({ file = file("a.csv", "username\nada\n"), column = "user" }, "no column user; there are: username", 1)
      fails(file("a.csv", "username\nada\n"), "no column mail", 1, { expect_email = "mail" })
      fails(file("a.csv", ""), "no header", 1)
    end)

    it("are refused where a line has another number of fields: they may have shifted", function()
      fails(file("a.csv", "username,x\nada,1\nbob\n"), "line 3: there are 1 fields, the header has 2", 3)
      fails(file("a.csv", "username,x\nada,1,2\n"), "line 2: there are 3 fields, the header has 2", 2)
    end)

    it("are refused with quotes that do not match", function()
      fails(file("a.csv", 'username\n"ada\nbob\n'), "line 2: a quoted field does not end", 2)
      fails(file("a.csv", 'username\n"ada"x\n'), "line 2: after the end of a quoted field a comma is missing", 2)
      fails(file("a.csv", 'username,y\na"d"a,1\n'), "line 2: a quote stands within a field", 2)
    end)

    it("are refused with a million columns, soon", function()
      fails(file("a.csv", "username" .. (","):rep(1000000) .. "\n"), "line 1: there are more than 1000 fields", 1)
      fails(file("a.csv", "username,x\nada" .. (","):rep(2000000) .. "\n"), "line 2 is longer than", 2)
      fails(file("a.csv", 'username\n"' .. ("x\n"):rep(600000)), "line 2: the record is longer than", 2)
    end)

    it("are refused when they are not UTF-8", function()
      assert.equal("ad\195\164 \240\159\152\128", names(assert(read(file("a.csv",
        "username\nad\195\164\n\240\159\152\128\n")))))
      for _, bytes in ipairs { "\228", "\195", "\192\175", "\237\160\128", "\240\128\128\128",
        "\244\144\128\128", "\128" } do
        fails(file("a.csv", "username\nada\nb" .. bytes .. "b\n"), "line 3: this is not UTF-8", 3)
      end
    end)

    it("are refused without a name, and with control characters in it", function()
      fails(file("a.csv", "username,x\n,1\n"), "line 2: the user's name is empty", 2)
      fails(file("a.csv", 'username\n"a\nb"\n'), "line 2: the user's name holds control characters", 2)
      fails(file("a.csv", "username\na\0b\n"), "line 2: the user's name holds control characters", 2)
    end)
  end)

  describe("JSON lines", function()
    it("are objects or names", function()
      local entries = assert(read(file("a.jsonl", '{"username":"ada","mail":"a@x.org"}\r\n\n"bob"\n{"username":"c"}'),
        { expect_email = "mail" }))
      assert.equal("ada bob c", names(entries))
      assert.equal("a@x.org", entries[1].expected)
      assert.equal("", entries[3].expected)
      assert.equal(4, entries[3].line)
    end)

    it("are refused when they are neither", function()
      fails(file("a.jsonl", '"ada"\n{"username":}\n'), "line 2: this is no JSON object", 2)
      fails(file("a.jsonl", "7\n"), "line 1: this is no JSON object", 1)
      fails(file("a.jsonl", '{"name":"ada"}\n'), "line 1: the user's name is missing", 1)
      fails(file("a.jsonl", '{"username":7}\n'), "line 1: the user's name is missing", 1)
      fails(file("a.jsonl", '"\\u0000"\n'), "control characters", 1)
      fails(file("a.jsonl", ("["):rep(100000) .. "\n"), "line 1: this is no JSON object", 1)
    end)
  end)

  describe("plain lines", function()
    it("are names, with white space around them at most", function()
      local entries = assert(read(file("users.txt", "\239\187\191ada\r\n\n  bob\t\nc d\n")))
      assert.equal("ada|bob|c d", entries[1].name .. "|" .. entries[2].name .. "|" .. entries[3].name)
      assert.equal(3, entries[2].line)
    end)

    it("have no columns", function()
      fails(file("users.txt", "ada\n"), "plain lines have no columns", nil, { expect_email = "mail" })
    end)
  end)

  describe("programs", function()
    it("are lists and iterators of names, tables, or users of the pool", function()
      local user = { sub = "s", username = "u", status = "CONFIRMED", enabled = true, attributes = {} }
      local entries = assert(read({ "ada", { username = "bob", mail = "b@x.org" }, user }, { expect_email = "mail" }))
      assert.equal("ada", entries[1].name)
      assert.equal("b@x.org", entries[2].expected)
      assert.equal("u", entries[3].username)
      local i = 0
      assert.equal("n1 n2", names(assert(read(function()
        i = i + 1
        return i < 3 and "n" .. i or nil
      end))))
      assert.same({}, assert(read {}))
    end)

    it("are refused when they are something else", function()
      fails({ 7 }, "line 1: a user is a name or a table, not a number", 1)
      fails({ "a", {} }, "line 2: the user's name is missing", 2)
      fails({ { sub = "s", username = "a\n#b" } }, "line 1: the user's name holds control characters", 1)
      fails(7, "users must be a file, a list", nil)
    end)
  end)

  it("a file that is not there", function()
    fails("/no/such/file.csv", "No such file", nil)
    fails({ file = "x", format = "xml" }, "format must be csv, jsonl or lines", nil)
  end)
end)
