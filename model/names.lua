--- The one rule by which a name of the service becomes a name in Lua.
-- @module model.names
local c_locale = require "cognito.c_locale"

local M = {}

-- Abbreviations that the rule would cut in the wrong place. A piece is
-- written here the way the rule cuts it well.
local exceptions = {
  { "OAuth", "Oauth" },
  { "URLs", "Urls" },
}

--- Turns a name of the service into snake_case.
--
-- A word starts where a capital follows a small letter or a digit, and at
-- the last capital of a run that a small letter follows: `UserMFASetting`
-- is three words, `Route53HealthCheck` too.
-- @tparam string name the service's spelling, such as `UserPoolId`
-- @treturn string such as `user_pool_id`
function M.snake(name)
  for _, exception in ipairs(exceptions) do
    name = name:gsub(exception[1], exception[2])
  end
  name = name:gsub("([%l%d])(%u)", "%1_%2")
  name = name:gsub("(%u)(%u%l)", "%1_%2")
  return c_locale.lower(name)
end

return M
