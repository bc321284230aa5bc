-- Files that people give by mistake, and what clings to the names in those
-- that they mean: a file that holds no list of users is refused by what it is,
-- with what to do; none of its lines is ever taken for a name.
local bulk = require "cognito.bulk"
local failure = require "cognito.bulk.failure"
local helper = require "spec.support.bulk"
local sources = require "cognito.bulk.sources"

local function read(source, options)
  return failure.catch(function()
    local names = {}
    for entry in sources.open(source, options or {}) do names[#names + 1] = entry.name end
    return names
  end)
end

local function fails(source, message, line)
  local names, err = read(source)
  assert.is_nil(names, message)
  assert.same({ "invalid_input", line }, { err.code, line and err.line })
  assert.matches(message, err.message, 1, true)
end

local NBSP, ZERO_WIDTH, IDEOGRAPHIC, BOM = "\194\160", "\226\128\139", "\227\128\128", "\239\187\191"

describe("a folder instead of a file of users", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("is refused by its path, as the list and as the users to leave out", function()
    local folder = helper.path "":gsub("/$", "")
    for _, source in ipairs { folder, { file = folder, format = "csv" }, { file = folder, format = "lines" } } do
      fails(source, folder .. " cannot be read: Is a directory")
    end
    local _, pool = helper.world(1)
    local _, err = bulk.plan { pool = pool, journal = helper.path(), action = "reset", users = { "u1" },
      exclude = folder }
    assert.same({ "invalid_input", folder .. " cannot be read: Is a directory" }, { err.code, err.message })
  end)
end)

describe("a file of users that is", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local file = helper.file

  local binary = {
    ["an Excel workbook"] = { "PK\3\4\20\0\6\0\8\0\0\0!\0[Content_Types].xmlxl/workbook.xml",
      "Excel workbook (.xlsx): save" },
    ["a document of Office"] = { "PK\3\4\20\0\6\0\8\0\0\0!\0[Content_Types].xml", "an Office document: save" },
    ["a spreadsheet of LibreOffice"] = {
      "PK\3\4\20\0\0\8mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "(.ods): save the sheet as CSV" },
    ["zip"] = { "PK\3\4\20\0\8\0users.csv", "a zip file: unpack it, and give its contents, by unzip -p FILE |" },
    ["zip without members"] = { "PK\5\6" .. ("\0"):rep(18), "a zip file" },
    ["gzip"] = { "\31\139\8\0\0\0\0\0\0\3", "a gzip file: unpack it, and give its contents, by gzip -dc FILE |" },
    ["bzip2"] = { "BZh91AY&SY", "bzip2" },
    ["xz"] = { "\2537zXZ\0\0\4", "xz" },
    ["zstd"] = { "\40\181\47\253\4", "zstd" },
    ["7z"] = { "7z\188\175\39\28", "7z" },
    ["an old Excel workbook"] = { "\208\207\17\224\161\177\26\225", "Excel workbook (.xls)" },
    ["a journal"] = { "SQLite format 3\0\16\0",
      "an SQLite database: an earlier job's journal is named by --from-journal" },
    ["Parquet"] = { "PAR1\21\4", "Parquet" },
    ["PDF"] = { "%PDF-1.7\n%\226\227\207\211", "PDF" },
    ["UTF-32"] = { "\255\254\0\0u\0\0\0s\0\0\0", "UTF-32: save it as UTF-8" },
    ["UTF-32, big endian"] = { "\0\0\254\255\0\0\0u", "UTF-32: save it as UTF-8" },
    ["UTF-16 without its mark"] = { "u\0s\0e\0r\0", "UTF-16 without its byte order mark: save it as UTF-8" },
    ["UTF-16 without its mark, big endian"] = { "\0u\0s\0e\0r", "UTF-16 without its byte order mark: save it" },
  }
  for what, case in pairs(binary) do
    it("refused by name, under any name and format: " .. what, function()
      for _, name in ipairs { "a.csv", "a.txt", "a.json", "a.xlsx" } do fails(file(name, case[1]), case[2], 1) end
      for _, format in ipairs { "csv", "jsonl", "lines" } do
        fails({ file = file("a", case[1]), format = format }, case[2], 1)
      end
    end)
  end

  it("refused where it holds a NUL byte, or is not UTF-8, in whichever line and column", function()
    for name, text in pairs {
      ["a.csv"] = "username,x\nada,1\nbob,%s\n", ["a.txt"] = "ada\nbob\nc%s\n", ["a.json"] = '["ada",\n"bob",\n"%s"]',
      a = "ada\tCONFIRMED\tenabled\t\t\nada\tCONFIRMED\tenabled\t\t\nada\tCONFIRMED\tenabled\t\t%s\n",
    } do
      fails(file(name, (text:gsub("%%s", "%%z"):gsub("%%z", "\0"))), "line 3: there is a NUL byte", 3)
      fails(file(name, (text:gsub("%%s", "\228"))), "line 3: this is not UTF-8: save the file as UTF-8", 3)
    end
  end)

  local TABLE = [[
-----------------------
|      ListUsers      |
+---------------------+
|  ada                |
+---------------------+
]]
  local foreign = {
    ["a table of the AWS CLI"] = { TABLE, "a drawn table: of aws cognito-idp list-users give --output json" },
    ["a table of a database"] = { "+------+\n| name |\n+------+\n| ada  |\n", "a drawn table" },
    ["YAML of the AWS CLI"] = { "Users:\n- Attributes:\n  - Name: email\n    Value: a@example.com\n  Username: ada\n",
      "YAML: of aws cognito-idp list-users give --output json" },
    ["a stream of YAML"] = { "- Users:\n  - Username: ada\n", "YAML, or another list with dashes" },
    ["YAML's lists"] = { "- ada\n- bob\n", "YAML, or another list with dashes" },
    ["YAML with its mark"] = { "---\n- ada\n", "YAML" },
    ["members of YAML"] = { "username: ada\n", "YAML" },
    ["text of the AWS CLI"] = { "USERS\tTrue\t1795755540\t1795755540\tCONFIRMED\tada\n", "text output of the AWS CLI" },
    ["text that begins with attributes"] = { "ATTRIBUTES\temail\ta@example.com\n", "text output of the AWS CLI" },
    ["HTML"] = { "<!DOCTYPE html>\n<table><tr><td>ada</td></tr></table>\n", "HTML: get the list as CSV" },
    ["XML"] = { '<?xml version="1.0"?>\n<users/>\n', "XML" },
  }
  for what, case in pairs(foreign) do
    it("refused by name, under any name: " .. what, function()
      for _, name in ipairs { "a.csv", "a.txt", "a.yaml", "a", "a.json" } do fails(file(name, case[1]), case[2], 1) end
    end)
  end

  it("names of one line that tabs separate, as --output text gives them", function()
    fails(file("a.txt", "ada\tbob\tcarl\n"), 'its first line is "ada bob carl"', 1)
  end)

  it("a list of names that begin with dashes and angles", function()
    assert.same({ "-rf", "<ada>", "a:b", "--" }, assert(read(file("a.txt", "-rf\n<ada>\na:b\n--\n"))))
  end)
end)

describe("a list of users", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local file = helper.file

  it("in CSV has sep= at a tab, from a file of any name, and twice", function()
    for _, name in ipairs { "a.csv", "a" } do
      assert.same({ "ada" }, assert(read(file(name, "sep=\t\r\nusername\tx\r\nada\t1\r\n"))))
      assert.same({ "ada" }, assert(read(file(name, "sep=\t\nusername\nada\n"))))
      assert.same({ "ada" }, assert(read(file(name, "sep=,\nsep=,\nusername\nada\n"))))
    end
  end)

  it("in CSV may have bars between its fields", function()
    assert.same({ "ada", "bob" }, assert(read(file("a.txt", "x|username\n1,5|ada\n|bob\n"))))
    assert.same({ "a|b" }, assert(read(file("a.csv", "x|y|z,username\n1,a|b\n"))))
  end)

  it("with two columns of users' names is refused", function()
    fails(file("a.csv", "username,username\nada,bob\n"), "line 1: there are several columns username", 1)
    fails(file("a.csv", "Username,cognito:username\nada,bob\n"),
      "line 1: there are two columns with users' names, Username and cognito:username", 1)
    assert.same({ "bob" }, assert(read { file = file("a.csv", "Username,cognito:username\nada,bob\n"),
      column = "cognito:username" }))
    fails(file("a.json", '{"username":"ada","cognito:username":"bob"}'), "are different names", 1)
    assert.same({ "ada" }, assert(read(file("a.json", '{"username":"ada","cognito:username":"ada"}'))))
  end)

  it("that is a report with names that are no texts is refused", function()
    for _, user in ipairs { '{"a":"b"}', "7", "true", "[]", "null" } do
      for _, row in ipairs { '{"user":%s,"outcome":"failed"}', '{"user":"ada","sub":%s,"outcome":"failed"}' } do
        fails(file("a.jsonl", '{"audit":{"job":"1"}}\n' .. row:format(user)), "line 2: the user's name is missing", 2)
      end
    end
  end)

  it("that was joined of several has its header again", function()
    assert.same({ "ada", "bob" }, assert(read(file("a.csv", "username,mail\nada,x\nUsername, mail\nbob,y\n"))))
    assert.same({ "ada", "username" }, assert(read(file("a.csv", "username\nada\nusername\n")))) -- may be a user
  end)

  local clinging = { NBSP, ZERO_WIDTH, IDEOGRAPHIC, BOM, "\194\173", "\226\128\142", "\226\129\160", " \t", "\v\f" }

  it("has names with blanks and invisible characters around them, and keeps those within", function()
    local text = {}
    for i, blank in ipairs(clinging) do
      text[i] = ("%s%s u%d%s\n"):format(blank, blank, i, blank)
    end
    for i, name in ipairs(assert(read(file("a.txt", table.concat(text))))) do assert.equal("u" .. i, name) end
    for _, blank in ipairs(clinging) do
      local quoted = blank:find "\t" and "" or blank
      local csv = ("%susername%s,x\n%sada%s,1\n"):format(quoted, quoted, blank, blank)
      assert.same({ "ada" }, assert(read(file("a.csv", csv))))
      assert.same({ "ada" }, assert(read { blank .. "ada" .. blank }))
    end
    assert.same({ "a" .. NBSP .. "b" }, assert(read(file("a.txt", "a" .. NBSP .. "b\n"))))
    fails(file("a.csv", "username,x\n" .. NBSP .. ",1\n"), "line 2: the user's name is empty", 2)
  end)

  it("has lines and rows of blanks", function()
    assert.same({ "ada", "bob" }, assert(read(file("a.txt", "\t\n" .. NBSP .. "\nada\n \t \n\f\nbob\n\v\n"))))
    assert.same({ "ada", "bob" }, assert(read(file("a.csv", "username,x\n\f\nada,1\n" .. NBSP .. ",\nbob,2\n\t\n"))))
  end)

  it("may end with Ctrl-Z, and its lines with two carriage returns", function()
    for _, last in ipairs { "bob", "bob\n", "bob\r\n" } do
      assert.same({ "ada", "bob" }, assert(read(file("a.txt", "ada\n" .. last .. "\26"))))
      assert.same({ "ada", "bob" }, assert(read(file("a.csv", "username\nada\n" .. last .. "\26"))))
    end
    assert.same({ "ada" }, assert(read(file("a.csv", "username,x\r\r\nada,1\r\r\n"))))
    fails(file("a.txt", "a\26da\n"), "control characters", 1)
  end)
end)
