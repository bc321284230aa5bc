-- A value can do nothing to a statement.
local quote = require "cognito.bulk.quote"
local sqlite3 = require "luasql.sqlite3"

-- The message of the error that a call raises, with its place.
local function raised(f, ...)
  return select(2, pcall(f, ...))
end

-- A call in this file that is wrong: the error names its line.
local function blamed(f)
  local made_at = debug.getinfo(f, "S")
  local place = ("%s:%d: "):format(made_at.short_src, made_at.linedefined)
  local message = raised(f)
  assert.equal(place, message:sub(1, #place))
  return message:sub(#place + 1)
end

describe("a literal", function()
  it("is what SQL writes", function()
    assert.equal("NULL", quote.literal(nil))
    assert.equal("1", quote.literal(true))
    assert.equal("0", quote.literal(false))
    assert.equal("-7", quote.literal(-7))
    assert.equal("9007199254740991", quote.literal(2 ^ 53 - 1))
    assert.equal("9007199254740992", quote.literal(2 ^ 53))
    assert.equal("-9007199254740992", quote.literal(-2 ^ 53))
    assert.equal("36028797018963968", quote.literal(2 ^ 55))
    assert.equal("3", quote.literal(6 / 2))
    assert.equal("1795247391.25", quote.literal(1795247391.25))
    assert.equal("'it''s'", quote.literal "it's")
    assert.equal("''", quote.literal "")
  end)

  if rawget(math, "type") then
    it("is every digit of an integer", function()
      assert.equal("9007199254740993", quote.literal(9007199254740993))
      assert.equal("-9223372036854775808", quote.literal(rawget(math, "mininteger")))
    end)
  end

  it("is refused where it could not be faithful", function()
    for _, value in ipairs { "a\0b", "\0" } do
      assert.equal("a text with a NUL in it cannot be stored", raised(quote.literal, value))
    end
    for _, value in ipairs { 0 / 0, math.huge, -math.huge } do
      assert.equal("there is no SQL literal for such a number", raised(quote.literal, value))
    end
    assert.equal("there is no SQL literal for a table", blamed(function() quote.literal {} end))
    assert.error_matches(function() quote.literal(print) end, "a function")
  end)

  it("comes out of a database as it went in, whatever it holds", function()
    local env = sqlite3.sqlite3()
    local connection = env:connect ":memory:"
    local values = {
      "'", "''", "'; DROP TABLE users; --", "\\", "\\'", '"', "`", "%", "?", "$1", ":a", "\n", "\r\n", "\t",
      "\194\160", "\240\159\152\128", ("'"):rep(1000), "\1\2\3\127", "%s%d", "/*", "--", "E'\\''",
    }
    for i = 1, 255 do values[#values + 1] = string.char(i) .. "'" .. string.char(i) end
    for _, value in ipairs(values) do
      local cursor = assert(connection:execute(quote.fill("SELECT ? AS a, ? AS b, 'c' AS c", value, 7)))
      local row = cursor:fetch({}, "a")
      cursor:close()
      assert.equal(value, row.a)
      assert.equal(7, row.b)
      assert.equal("c", row.c)
    end
    connection:close()
    env:close()
  end)

  it("has a point, whatever the locale makes of it", function()
    local before = os.setlocale(nil, "numeric")
    if os.setlocale("de_DE.UTF-8", "numeric") or os.setlocale("fr_FR.UTF-8", "numeric") then
      local literal = quote.literal(0.5)
      os.setlocale(before, "numeric")
      assert.equal("0.5", literal)
    end
  end)
end)

describe("a statement", function()
  it("has a place for each value", function()
    assert.equal("a = 1 AND b = 'x?' AND c IN (1, 'y')", quote.fill("a = ? AND b = ? AND c IN ?", 1, "x?", { 1, "y" }))
    assert.equal("a IN (1)", quote.fill("a IN ?", { 1 }))
    assert.equal("a IN (NULL)", quote.fill("a IN ?", {}))
    assert.equal("a = NULL, b = NULL", quote.fill("a = ?, b = ?", nil, nil))
    assert.equal("the statement has 1 places for 2 values", blamed(function() quote.fill("a = ?", 1, 2) end))
    assert.error_matches(function() quote.fill("a = ?, b = ?", 1) end, "2 places for 1 values")
  end)

  it("writes rows", function()
    assert.equal("(1, NULL, 'x')", quote.tuple({ a = 1, c = "x" }, { "a", "b", "c" }))
  end)
end)
