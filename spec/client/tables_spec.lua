-- Keys in order, and what else is asked of tables everywhere.

local tables = require "cognito.tables"

describe("the keys of a table", function()
  it("come in the order of their bytes, in any locale", function()
    local before = os.setlocale(nil, "collate")
    for _, locale in ipairs { "C", "tr_TR.UTF-8" } do
      os.setlocale(locale, "collate")
      local found = tables.sorted_keys { b = 1, B = 2, a = 3, ["\195\182"] = 4, [""] = 5, aa = 6, ["a b"] = 7 }
      os.setlocale(before, "collate")
      assert.same({ "", "B", "a", "a b", "aa", "b", "\195\182" }, found)
    end
  end)

  it("may be of any type, and are chosen by key and value", function()
    assert.same({ 1, true }, tables.sorted_keys { [1] = 1, [true] = 2 })
    assert.same({}, tables.sorted_keys {})
    local function is_wanted(key, value) return key ~= "a" and value end
    assert.same({ "b" }, tables.sorted_keys({ a = true, b = true, c = false }, is_wanted))
  end)
end)

it("entries are added over those that are there, to the table itself; a copy is another table", function()
  local into, from = { a = 1, b = 2 }, { b = 3, c = false }
  assert.equal(into, tables.add(into, from))
  assert.same({ a = 1, b = 3, c = false }, into)
  assert.equal(into, tables.add(into, nil))
  local copy = tables.copy(into)
  assert.same(into, copy)
  assert.is_false(into == copy)
  assert.same({}, tables.copy(nil))
end)

it("a list becomes the set of its values", function()
  assert.same({ a = true, b = true }, tables.set { "a", "b", "a" })
  assert.same({}, tables.set(nil))
end)

it("a list has a value, or has not", function()
  assert.is_true(tables.contains({ "a", false, "b" }, "b"))
  assert.is_false(tables.contains({ "a" }, "A"))
  assert.is_false(tables.contains({}, nil))
end)
