--- A row of the matrix for every function of the core: how it is called.
--
-- `make(world, tag)` returns the function and its arguments; tables that a
-- finalizer may change are named with `world:given`. A `loose` row's results
-- may follow from what the finalizer did, and only their types are compared;
-- `shown` is what to compare of results that differ from call to call. A
-- function alone is a row's `make`, and `of` the function that a row is for,
-- where that is not its name.
local M = {}

for _, part in ipairs { "messages", "http", "http1", "keys", "process" } do
  for name, row in pairs(require("spec.reentry.rows." .. part)) do
    assert(M[name] == nil, name)
    M[name] = type(row) == "function" and { make = row } or row
    M[name].of = M[name].of or name
  end
end

return M
