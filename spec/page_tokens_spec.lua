-- A listing ends with an error when its pages go round in a circle.
local page_tokens = require "cognito.page_tokens"
local pool_users = require "cognito.bulk.pool_users"

-- The token of page n: `lead` pages that are no part of the circle, then the
-- circle.
local function token_of(n, lead, length)
  return "t" .. (n <= lead and n or lead + (n - lead - 1) % length + 1)
end

describe("pages that go round in a circle", function()
  for _, length in ipairs { 1, 2, 3, 4, 7, 64, 100 } do
    it(("of %d are noticed"):format(length), function()
      for _, lead in ipairs { 0, 1, 5, 50 } do
        local goes_round, pages = page_tokens.watch(), 0
        repeat pages = pages + 1 until goes_round(token_of(pages, lead, length))
        assert.is_true(pages > lead + length, pages)
        assert.is_true(pages <= 3 * (lead + length) + 2, pages)
      end
    end)
  end

  it("are not seen where there are none", function()
    local goes_round = page_tokens.watch()
    for n = 1, 1000 do
      assert.is_false(goes_round("t" .. n))
    end
    assert.is_false(goes_round(nil))
  end)

  it("end the list of a pool's users", function()
    local calls = 0
    local pool = { list_users = function(_, params)
      calls = calls + 1
      return { users = { { username = "u" } }, pagination_token = params.pagination_token == "A" and "B" or "A" }
    end }
    local ok, err = pcall(function()
      for _ in pool_users.each(pool_users.list(pool)) do end -- luacheck: ignore
    end)
    assert.is_false(ok)
    assert.equal("repeated_token", err.code)
    assert.is_true(calls < 10)
  end)
end)
