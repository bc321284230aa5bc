--- The names of the service's operations, and what a wrong one was meant to be.
-- @module cognito.operations

local native = require "cognito.native"
local printable = require "cognito.printable"

local M = {}

--- A sentence for an operation that there is not.
-- @tparam string name
-- @treturn string sentence
-- @treturn ?string the nearest right name
function M.unknown(name)
  local nearest = native.nearest(name, native.operations())
  local advice = nearest and ("; did you mean '%s'?"):format(nearest) or ""
  return ("no operation '%s'%s"):format(printable.clean(name), advice), nearest
end

--- A sentence for a value that is no operation's name.
-- @param name any value but a string
-- @tparam string what takes it: a function's name
-- @treturn string sentence
function M.misnamed(name, what)
  return ("%s takes the name of an operation, like 'list_users', not a %s"):format(what, type(name))
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
-- @tparam string what takes it: a method's name
-- @tparam number level whom to blame for a wrong one, as in `error`
-- @treturn table description
-- @raise for an unknown operation
function M.describe(name, what, level)
  if type(name) ~= "string" then
    error(M.misnamed(name, what), level + 1)
  end
  local described = native.describe(name)
  if not described then
    error((M.unknown(name)), level + 1)
  end
  return described
end

return M
