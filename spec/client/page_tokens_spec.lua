-- A listing ends with an error when its pages go round in a circle.
local page_tokens = require "cognito.page_tokens"

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
end)
