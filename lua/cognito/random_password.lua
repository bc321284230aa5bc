--- A random password that is not kept: it locks an account.
-- @module cognito.random_password

local hex = require "cognito.hex"
local native = require "cognito.native"

--- A password that passes every policy that a pool can have: 99 characters,
-- which is the longest minimum and for some the most, each kind among them,
-- 380 random bits.
-- @treturn string
return function()
  return ("Aa1!" .. hex(native.random_bytes(48))):sub(1, 99)
end
