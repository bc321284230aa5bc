-- Proofs of possession: the key, and text that no stack buffer holds.
local core = require "cognito.core"

local pipe = assert(io.popen "openssl ecparam -name prime256v1 -genkey -noout")
local key = pipe:read "*a"
pipe:close()

return {
  quiet = true,
  run = function()
    local proof, message = core.dpop_proof(key, ("x"):rep(3000))
    if not proof then return message end
    assert(#proof > 4000)
  end,
  judge = function(message)
    return not message:find("not enough memory", 1, true) and message or nil
  end,
}
