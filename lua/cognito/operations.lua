--- The names of the service's operations, and what a wrong one was meant to be.
-- @module cognito.operations

local native = require "cognito.native"

local M = {}

--- A sentence for an operation that there is not.
-- @tparam string name
-- @treturn string sentence
-- @treturn ?string the nearest right name
function M.unknown(name)
  local nearest = native.nearest(name, native.operations())
  return ("no operation '%s'%s"):format(name, nearest and ("; did you mean '%s'?"):format(nearest) or ""), nearest
end

--- From an operation's name to what a call needs of the model, asked for once:
-- whether it is `signed`, where its `secret` goes, its `effect` (nil: the
-- parameters decide).
-- @table facts
M.facts = setmetatable({}, {
  __index = function(known, operation)
    local described = native.describe(operation)
    known[operation] = {
      signed = described.signed,
      secret = described.secret,
      effect = not described.rules[1] and described.effect or nil,
    }
    return known[operation]
  end,
})

--- What the model knows of an operation.
-- @tparam string name
-- @tparam number level whom to blame for a wrong one, as in `error`
-- @treturn table description
-- @raise for an unknown operation
function M.describe(name, level)
  local described = type(name) == "string" and native.describe(name)
  if not described then
    error((M.unknown(tostring(name))), level + 1)
  end
  return described
end

return M
