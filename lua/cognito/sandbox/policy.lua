--- The password policy: the one a new pool has.
-- @module cognito.sandbox.policy
local errors = require "cognito.sandbox.errors"

local M = {}

local MINIMUM_LENGTH = 8
local DAY = 24 * 3600

--- As DescribeUserPool tells it.
-- @tparam table options complete options
-- @treturn table
function M.describe(options)
  return {
    MinimumLength = MINIMUM_LENGTH,
    RequireUppercase = true,
    RequireLowercase = true,
    RequireNumbers = true,
    RequireSymbols = true,
    TemporaryPasswordValidityDays =
      math.ceil(options.lifetimes.temporary_password / DAY),
  }
end

-- Letters and digits of ASCII; a blank inside counts as a symbol (developer
-- guide, "Adding user pool password requirements").
local demands = {
  { "[A-Z]", "Password must have uppercase characters" },
  { "[a-z]", "Password must have lowercase characters" },
  { "[0-9]", "Password must have numeric characters" },
  { "[ -/:-@%[-`{-~]", "Password must have symbol characters" },
}

--- Refuses a password that is too weak.
-- @tparam string password
-- @raise a refusal that says what is missing
function M.check(password)
  if #password < MINIMUM_LENGTH then
    errors.refuse("weak_password", "Password not long enough")
  end
  for _, demand in ipairs(demands) do
    if not password:find(demand[1]) then
      errors.refuse("weak_password", demand[2])
    end
  end
end

return M
