-- Chance: bytes, numbers and ids.
local core = require "cognito.core"

return {
  quiet = true,
  run = function()
    assert(#core.random_bytes(16) == 16)
    local n = core.random()
    assert(n >= 0 and n < 1)
    for _ = 1, 130 do assert(#core.uuid() == 36) end -- more than are kept
  end,
}
