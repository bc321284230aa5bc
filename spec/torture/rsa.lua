-- The key of the sandbox's tokens.
local core = require "cognito.core"

return {
  quiet = true,
  run = function()
    local key = core.rsa_key()
    assert(#key:sign "data" == 256 and #key:public() > 256)
  end,
}
