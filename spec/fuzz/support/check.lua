--- The checks of everything that comes out of the library.
-- @module spec.fuzz.support.check

local M = {}

local function tables_are_same(a, b)
  for key, value in pairs(a) do
    if not M.same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

--- Whether two values are the same, table by table.
function M.same(a, b)
  if type(a) == "table" and type(b) == "table" then
    return tables_are_same(a, b)
  end
  return a == b or (a ~= a and b ~= b)
end

--- Checks what a function of the core returns in place of a result.
-- @tparam table err
function M.is_error(err)
  assert(type(err) == "table", "no table for an error")
  assert(type(err.code) == "string" and err.code:find "^[ -~]+$", "no code")
  assert(type(err.kind) == "string", "no kind")
  assert(type(err.message) == "string" and err.message ~= "", "no message")
end

-- A mistake of the core shows as one of Lua's own sentences.
local ours = {
  "attempt to", "stack overflow", "not enough memory", "C stack", "invalid key",
}

--- Checks what was raised: a sentence for a programmer.
-- @param message
function M.is_complaint(message)
  assert(type(message) == "string", "raised no string")
  for _, words in ipairs(ours) do
    assert(not message:find(words), message)
  end
end

return M
