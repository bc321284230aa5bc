--- Notices pages that go round in a circle, whatever its length: a listing
-- would never end.
--
-- Brent's algorithm: one token is remembered, each time for twice as many
-- pages as the last one. So memory stays flat, and a circle is noticed before
-- it has been gone round three times.
-- @module cognito.page_tokens

local M = {}

--- Makes a function that watches the tokens of one listing.
-- @treturn function takes the token of the next page, nil after the last;
--   returns whether the listing goes round in a circle
function M.watch()
  local remembered, pages, until_next = nil, 0, 1
  return function(token)
    if token ~= nil and token == remembered then
      return true
    end
    pages = pages + 1
    if pages == until_next then
      remembered, pages, until_next = token, 0, until_next * 2
    end
    return false
  end
end

return M
