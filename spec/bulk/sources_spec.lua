-- Names as people write them down, and as they should not.
local bulk = require "cognito.bulk"
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
      fails(file("b.csv", "name,email\nada,x\n"), "say which one has the users' names (--column)", 1)
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
      fails(file("a.csv", "username\na\1b\n"), "line 2: the user's name holds control characters", 2)
      fails(file("a.csv", "username\na\0b\n"), "line 2: there is a NUL byte, which no text has", 2)
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

  describe("JSON with a key that an object has twice", function()
    it("is refused, with the line and the key", function()
      fails(file("a.jsonl", '"ada"\n{"username":"bob","username":"eve"}\n'),
        'line 2: the key "username" is there twice in one object', 2)
      fails(file("a.json", '\n[{"username":"ada"},\n{"username":"bob",\n "\\u0075sername" : "eve"}]'),
        'line 4: the key "username" is there twice', 4)
      fails(file("a.json", '{"Users":[{"Username":"ada","Attributes":[{"Name":"email","Value":"a","Value":"b"}]}]}'),
        'line 1: the key "Value" is there twice', 1)
      fails(file("a.json", '{"Users":[{"Username":"ada"}],"Users":[]}'), 'line 1: the key "Users" is there twice', 1)
      fails(file("a.jsonl", '{"username":"ada","x":[{"y":{}}],"x":1}'), 'line 1: the key "x" is there twice', 1)
    end)

    it("is none where several objects have the key, or a text holds it", function()
      local text = [[
{"username":"ada","a":{"username":1},"b":[{"username":2},{"username":3},"username","username"],"c":"\"username\":"}
{"username":"bob","":1,"d":"username","e":"\\"}
]]
      assert.equal("ada bob", names(assert(read(file("a.jsonl", text)))))
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

  describe("lists that people have", function()
    local function utf16(text, order)
      return (order == "little" and "\255\254" or "\254\255") .. text:gsub("[%z\1-\127]", function(c)
        return order == "little" and c .. "\0" or "\0" .. c
      end)
    end

    local csv = {
      ["CR line ends"] = "username,x\rada,1\rbob,2\r",
      ["UTF-16, little endian"] = utf16("username,x\r\nada,1\r\nbob,2\r\n", "little"),
      ["UTF-16, big endian"] = utf16("username,x\nada,1\nbob,2", "big"),
      ["semicolons"] = "x;username\n1,5;ada\n2,5;bob\n",
      ["tabs"] = "x\tusername\n1,5\tada\n2\tbob\n",
      ["sep="] = "sep=;\r\nusername;x\r\nada;1\r\nbob;2\r\n",
      ["a header in another case, with blanks"] = " Username , Email\nada,a\nbob,b\n",
      ["the header of AWS's export in another case"] = "name,Cognito:Username\nA,ada\nB,bob\n",
      ["rows of commas"] = "username,x\n,\nada,1\n , \n\nbob,2\n,\n,\n",
      ["one column"] = "Username\nada\nbob\n",
    }
    for what, text in pairs(csv) do
      it("is CSV with " .. what .. ", under any name", function()
        for _, name in ipairs { "a.csv", "a.txt", "a" } do
          assert.equal("ada bob", names(assert(read(file(name, text)))))
        end
      end)
    end

    it("is UTF-16 of any characters, cut anywhere", function()
      local long = ("x"):rep(32765)
      local text = "\255\254" .. (long .. "\n"):gsub(".", "%0\0") .. "\61\216\0\222\228\0"
      assert.equal(long .. " \240\159\152\128\195\164", names(assert(read(file("a.txt", text)))))
      for _, bad in ipairs { "a\0b", "\61\216a\0", "\0\222", "\61\216" } do
        fails(file("a.txt", "\255\254" .. bad), "goes on otherwise: save it as UTF-8", nil)
      end
    end)

    it("has CR line ends where the reading is cut between CR and LF, too", function()
      local first = ("x"):rep(64 * 1024 - 1)
      assert.equal(first .. " ada", names(assert(read(file("a.txt", first .. "\r\nada\r\n")))))
      assert.equal(first .. " ada", names(assert(read(file("a.txt", first .. "\rada\r")))))
    end)

    it("has the delimiter that is given", function()
      local path = file("a.txt", "a,b,c|username\n1|ada\n")
      assert.equal("ada", names(assert(read { file = path, delimiter = "|" })))
      fails({ file = path, delimiter = "||" }, "delimiter must be one character", nil)
      fails({ file = path, delimiter = '"' }, "delimiter must be one character", nil)
    end)

    it("has two columns of that name: refused", function()
      fails(file("a.csv", "Username,USERNAME\na,b\n"), "line 1: there are several columns username", 1)
      assert.equal("b", names(assert(read(file("a.csv", "Username,username\na,b\n")))))
    end)

    it("refuses members that differ in case only and in value", function()
      fails(file("a.json", '{"Username":"ada","USERNAME":"bob"}'), "line 1: there are several members username", 1)
      fails(file("a.json", '{"Users":[{"Username":"a"}],"USERS":[]}'), "line 1: there are several members users", 1)
      fails(file("a.jsonl", '{"Username":"ada"}\n{"Username":"ada","UserName":"bob"}\n'),
        "line 2: there are several members username", 2)
      assert.equal("ada", names(assert(read(file("a.json", '{"Username":"ada","UserName":"ada"}')))))
      assert.equal("b", names(assert(read(file("a.json", '{"Username":"a","username":"b"}')))))
    end)

    local aws = [[
{
    "Users": [
        {
            "Username": "ada",
            "Attributes": [ { "Name": "sub", "Value": "1" }, { "Name": "email", "Value": "a}@example.com" } ],
            "UserCreateDate": "2026-01-01T00:00:00.000000+01:00",
            "Enabled": true
        },
        {
            "Username": "bob", "Attributes": [ { "Name": "sub", "Value": "2" } ]
        }
    ]
}
]]
    local json = {
      ["the document of aws cognito-idp list-users"] = aws,
      ["its users in a list"] = aws:match "%[.*%]",
      ["its users in lines"] = '{"Username":"ada","Attributes":[{"Name":"email","Value":"a}@example.com"}]}\n'
        .. '{"Username":"bob"}\n',
      ["its users over many lines"] = '{\n"Username": "ada",\n"email": "a}@example.com" }\n{\n"Username":\n"bob" }\n',
      ["a list of users"] = '[{"username":"ada","email":"a}@example.com"},\r\n"bob"]',
    }
    for what, text in pairs(json) do
      it("is JSON: " .. what, function()
        for _, name in ipairs { "a.json", "a.jsonl", "a.txt", "a" } do
          local entries = assert(read(file(name, text), { expect_email = "email" }))
          assert.equal("ada bob", names(entries))
          assert.equal("a}@example.com", entries[1].expected)
          assert.equal("", entries[2].expected)
        end
      end)
    end

    it("is a part of a pool's users: refused", function()
      fails(file("a.json", '{"Users":[{"Username":"ada"}],"PaginationToken":"x"}'), "goes on behind its token", 1)
      fails(file("a.json", '{"Users":[{"Username":"ada"}],"NextToken":"x"}'), "goes on behind its token", 1)
    end)

    it("is JSON that is none", function()
      fails(file("a.json", '\n[{"username":"ada"}'), "line 2: this is no JSON object", 2)
      fails(file("a.json", '{"Users":[7]}'), "line 1: this is no JSON object", 1)
      fails(file("a.json", '{"Users":[{}]}'), "line 1: the user's name is missing", 1)
      assert.same({}, assert(read(file("a.json", '{"Users":[]}'))))
    end)

    it("is what list-users prints for programs", function()
      local text = "ada\tCONFIRMED\tenabled\t2026-01-01T00:00:00Z\ta@example.com\n"
        .. "bob\tFORCE_CHANGE_PASSWORD\tdisabled\t\t\n"
      assert.equal("ada bob", names(assert(read(file("a", text)))))
      fails(file("a", text .. "carl\n"), "line 3: this is no line of cognito list-users", 3)
    end)

    it("cannot be recognized: refused, with the line that was seen", function()
      fails(file("a.txt", "ada,a@example.com\n"), 'its first line is "ada,a@example.com"', 1)
      fails(file("a", "USERS\tTrue\t2026\n"), "the file's format is not recognized", 1)
      assert.equal("ada,x", names(assert(read { file = file("a.txt", "ada,x\n"), format = "lines" })))
    end)
  end)

  it("a list that is empty makes no plan", function()
    local _, pool = helper.world(1)
    for _, users in ipairs { {}, { filter = 'username = "no"' }, file("a.txt", "\n"), file("a.csv", "username\n") } do
      local journal = helper.path()
      local job, err = bulk.plan { pool = pool, journal = journal, action = "reset", users = users,
        look_up_rate = 1000 }
      assert.is_nil(job)
      assert.equal("invalid_input", err.code)
      assert.matches("there are no users to plan for", err.message, 1, true)
      assert.is_nil(io.open(journal))
    end
  end)

  it("two lines with different addresses for one person are refused", function()
    local _, pool = helper.world(2)
    local function plan(text)
      return bulk.plan { pool = pool, journal = helper.path(), action = "reset", look_up_rate = 1000,
        users = file("a.csv", text), expect_email = "email" }
    end
    local job, err = plan "username,email\nu1,u1@example.com\nu2,x\nu1,other@example.com\n"
    assert.is_nil(job)
    assert.matches("lines 2 and 4 name one person, with different addresses: u1", err.message, 1, true)
    assert.is_truthy(plan "username,email\nu1,u1@example.com\nu1,u1@example.com\n")
  end)

  describe("two lines that lead to one person by different names", function()
    -- The names of u1, and whether its lines lie in one batch, or far apart; a
    -- list that long leads to a listing of the whole pool.
    local function world()
      local box, pool = helper.world(2, { alias_attributes = { "preferred_username", "email" } })
      box:add_user { username = "ada", email = "ada@example.com", attributes = { preferred_username = "countess" } }
      return box, pool, { "ada", box:user("ada").attributes.sub, "ada@example.com", "countess" }
    end

    local function plan(pool, listed, addresses, between)
      local text = { "username,email\n" }
      for i, name in ipairs(listed) do
        text[#text + 1] = ("%s,%s\n"):format(name, addresses[i] or addresses[1])
        for k = 1, between do text[#text + 1] = ("filler%d-%d,x\n"):format(i, k) end
      end
      return bulk.plan { pool = pool, journal = helper.path(), action = "reset", look_up_rate = 100000,
        users = file("a.csv", table.concat(text)), expect_email = "email" }
    end

    for _, between in ipairs { 0, 1, 250 } do
      it(("and different addresses are refused: %d lines apart"):format(between + 1), function()
        local _, pool, known = world()
        for i, first in ipairs(known) do
          local second = known[i % #known + 1]
          local job, err = plan(pool, { first, second }, { "ada@example.com", "mallory@example.com" }, between)
          assert.is_nil(job, first)
          assert.same({ "invalid_input", between + 3 }, { err.code, err.line })
          assert.matches(("lines 2 and %d name one person, with different addresses: %s, who is ada")
            :format(between + 3, second), err.message, 1, true)
        end
      end)

      it(("and one address are one user of the plan, and one message: %d lines apart"):format(between + 1), function()
        local box, pool, known = world()
        local job = assert(plan(pool, known, { "ADA@example.com" }, between))
        local summary = job:summary()
        assert.same({ 1, 3 }, { summary.act, summary.duplicates })
        helper.run(job)
        assert.same({ 1, 1 }, { #box.outbox, box:executions("admin_reset_user_password", "ada") })
      end)
    end
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
