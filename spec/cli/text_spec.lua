-- What the command makes of texts: fit for a terminal, as JSON, in columns.

local columns = require "cognito.cli.columns"
local json = require "cognito.cli.json"
local text = require "cognito.cli.text"

describe("a clean text", function()
  it("is the same where there is nothing to clean", function()
    for _, plain in ipairs { "", "ada", "Zoë Müller", "山田", "a\204\136", "😀", "~" } do
      assert.equal(plain, text.clean(plain))
    end
    assert.equal("12", text.clean(12))
  end)

  it("holds no controls, in one byte or in two, and nothing that reorders a line", function()
    for wrong, right in pairs {
      ["a\0b"] = "a?b", ["\27[31m"] = "?[31m", ["a\r\nb\tc"] = "a??b?c", ["\127"] = "?", ["\194\155x"] = "?x",
      ["\226\128\174evil"] = "?evil", ["\226\129\166x"] = "?x", ["\239\187\191x"] = "?x", ["\226\128\168"] = "?",
    } do
      assert.equal(right, text.clean(wrong))
    end
  end)

  it("holds no bytes that are no UTF-8", function()
    for wrong, right in pairs {
      ["\155m"] = "?m", ["\255\254"] = "??", ["\195"] = "?", ["\195("] = "?(", ["\192\175"] = "??",
      ["\237\160\128"] = "???", ["\244\144\128\128"] = "????", ["\240\159\152"] = "???", ["é\226\130"] = "é??",
    } do
      assert.equal(right, text.clean(wrong))
    end
  end)

  it("never holds anything else, whatever comes", function()
    local random = require("cognito.core").random_bytes
    for _ = 1, 300 do
      local cleaned = text.clean(random(40))
      assert.is_nil(cleaned:find "%c")
      assert.equal(cleaned, text.clean(cleaned))
      assert.equal(cleaned, text.repair(cleaned)) -- it is UTF-8
    end
  end)

  it("has a width", function()
    for words, width in pairs { [""] = 0, ada = 3, ["Zoë"] = 3, ["山田"] = 4, ["a\204\136"] = 1, ["😀!"] = 3 } do
      assert.equal(width, text.width(words), words)
    end
  end)

  it("is cut and filled to a width", function()
    assert.equal("ada  ", text.fit("ada", 5))
    assert.equal("ada", text.fit("ada", 3))
    assert.equal("a…", text.fit("ada", 2))
    assert.equal("…", text.fit("ada", 1))
    assert.equal("", text.fit("ada", 0))
    assert.equal("山… ", text.fit("山田花子", 4))
    assert.equal("山田", text.cut("山田", 4))
    assert.equal(6, text.width(text.fit("山田花子", 6)))
  end)

  it("is a word for a shell, if it may be shown at all", function()
    for word, shown in pairs { ada = "ada", ["ada@example.com"] = "ada@example.com", ["a b"] = "'a b'",
      ["it's"] = [['it'\''s']], ["-x"] = "'-x'", [""] = "''", ["$(x)"] = "'$(x)'", ["~"] = "'~'", ["=x"] = "'=x'" } do
      assert.equal(shown, text.shell_word(word))
    end
    assert.equal("-- '-rf'", text.shell_argument "-rf")
    assert.equal("-- '--help'", text.shell_argument "--help")
    assert.equal("ada", text.shell_argument "ada")
    assert.equal("--journal='-x y'", text.shell_option("--journal", "-x y"))
    assert.equal("--journal a.db", text.shell_option("--journal", "a.db"))
    assert.equal("--journal ...", text.shell_option("--journal", "a\27b"))
    assert.is_nil(text.shell_argument "-a\27b")
    assert.is_nil(text.shell_word "a\27b")
    assert.is_nil(text.shell_word "\255")
  end)
end)

describe("JSON", function()
  local members = {
    { name = "zeta", type = "list", element = { type = "string" } },
    { name = "alpha", type = "map", value = { type = "string" } },
    { name = "inner", type = "structure", members = { { name = "on", type = "boolean" } } },
    { name = "list", type = "list", element = { type = "structure", members = { { name = "n", type = "integer" } } } },
  }

  it("comes in the model's order, with lists and maps distinct even if empty", function()
    assert.equal('{"zeta":[],"alpha":{},"inner":{"on":false},"list":[{"n":1}]}', json.line({
      zeta = {}, alpha = {}, inner = { on = false }, list = { { n = 1 } },
    }, members))
    assert.equal("{}", json.line({}, members))
  end)

  it("keeps members that the model lacks, by name", function()
    assert.equal('{"zeta":["a"],"b":[1,2],"c":{"d":"e"}}',
      json.line({ zeta = { "a" }, c = { d = "e" }, b = { 1, 2 } }, members))
  end)

  it("writes numbers as they are", function()
    assert.equal("[0,-1,1767225600.5,1767225600,9007199254740991,1e+300]",
      json.line { 0, -1, 1767225600.5, 1767225600, 9007199254740991, 1e300 })
    assert.equal("[null,null,null]", json.line { 0 / 0, math.huge, -math.huge })
  end)

  it("keeps a document's empty lists, nulls and digits, so that an update can be fed with it", function()
    local native = require "cognito.native"
    local shape = { { name = "settings", type = "document" } }
    local function same(document)
      local result = { settings = native.read_json(document) }
      assert.equal('{"settings":' .. document .. "}", json.line(result, shape))
      assert.equal('{"New":' .. document .. "}", json.line({ New = native.read_json(document) }, shape))
      local printed = json.pretty(result, shape)
      assert.equal('{"settings":' .. document .. "}", native.write_json(native.read_json(printed)))
    end
    for _, document in ipairs { '{"order":[]}', '{"order":{}}', "[]", "[[],{},null]", "[null]", "0.30000000000000004",
      "9007199254740992", "0.1", "[1.7976931348623157e+308]", [["\u0000"]] } do
      same(document)
    end
    if rawget(math, "type") then
      for _, digits in ipairs { "9007199254740993", "9223372036854775807", "-9223372036854775808" } do same(digits) end
    end
  end)

  it("is UTF-8, and nothing in it moves a terminal", function()
    assert.equal([=[["\u001b[31m\u0000\u007f","\u0085\u009b","\ufffd"]]=], (json.line {
      "\27[31m\0\127", "\194\133\194\155", "\239\191\189" }:gsub("\239\191\189", "\\ufffd")))
    assert.equal('["\239\191\189\239\191\189é"]', json.line { "\255\155é" })
    assert.equal([=[["\"\\\n\r\t/"]]=], json.line { '"\\\n\r\t/' })
  end)

  it("is what another parser reads", function()
    local cjson = require "cjson"
    local random = require("cognito.core").random_bytes
    for _ = 1, 100 do
      local bytes = random(30)
      assert.equal(text.repair(bytes), cjson.decode(json.line { bytes })[1])
    end
  end)

  it("is set out for people", function()
    assert.equal('{\n  "zeta": [\n    "a"\n  ],\n  "alpha": {\n    "k": "v"\n  }\n}',
      json.pretty({ zeta = { "a" }, alpha = { k = "v" } }, members))
    assert.equal('{\n  "zeta": []\n}', json.pretty({ zeta = {} }, members))
  end)
end)

describe("columns", function()
  local function list(width, titles, pages)
    local written = {}
    local console = {
      is_terminal = function() return width ~= nil end,
      columns = function() return width end,
      paint = function(_, _, _, shown) return shown end,
      write = function(_, data) written[#written + 1] = data end,
    }
    local rows = columns.new(console, titles)
    for _, page in ipairs(pages) do rows:add(page) end
    return table.concat(written)
  end

  it("are aligned on a terminal", function()
    assert.equal("NAME  STATE\nada   on\nZoë   off\n", list(80, { "NAME", "STATE" },
      { { { "ada", "on" }, { "Zoë", "off" } } }))
  end)

  it("grow with what comes, and never shrink", function()
    assert.equal("N  S\na  1\nlong  1\nb     1\n", list(80, { "N", "S" },
      { { { "a", 1 } }, { { "long", 1 } }, { { "b", 1 } } }))
  end)

  it("are cut where they do not fit, the widest first", function()
    local shown = list(30, { "NAME", "MAIL" }, { { { ("n"):rep(12), ("m"):rep(60) } } })
    assert.equal("NAME          MAIL\nnnnnnnnnnnnn  mmmmmmmmmmmmmmm…\n", shown)
    for line in shown:gmatch "[^\n]+" do assert.is_true(text.width(line) <= 30) end
  end)

  it("are left alone where cutting would leave nothing", function()
    assert.equal("NAME  MAIL\nabcdefghij  klmnopqrst\n", list(1, { "NAME", "MAIL" },
      { { { "abcdefghij", "klmnopqrst" } } }))
  end)

  it("are tabs for programs, without titles", function()
    assert.equal("a?b\t\t1\nc\td?\t\n", list(nil, { "A", "B", "C" }, { { { "a\tb", "", 1 }, { "c", "d\n" } } }))
  end)
end)
