-- The key of the sandbox's tokens. To make one takes too long for each run.
local core = require "cognito.core"

local key = core.rsa_key()

return {
  quiet = true,
  run = function()
    assert(#key:sign "data" == 256 and #key:public() > 256)
  end,
}
