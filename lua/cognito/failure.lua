--- What went wrong, before it is known whose call it ends: plain tables, with a
-- constructor for each kind. `cognito.errors` makes errors of them. The service's
-- own errors come from the core, those of bulk jobs from `cognito.bulk.failure`.
-- @module cognito.failure

local tables = require "cognito.tables"

local M = {}

--- A setting or parameter cannot be used: nothing was sent.
-- @tparam ?string field which one
-- @tparam string message
-- @treturn table fields of an error
function M.validation(field, message)
  return { code = "invalid_parameter", kind = "validation", field = field, message = message }
end

--- The region is not known.
-- @treturn table fields of an error
function M.no_region()
  return { code = "no_region", kind = "validation", message = "no region is known" }
end

--- There are no credentials, or no client secret.
-- @tparam string message without secrets
-- @tparam[opt] string hint what to do next
-- @treturn table fields of an error
function M.credentials(message, hint)
  return { code = "no_credentials", kind = "credentials", message = message, hint = hint }
end

--- An exchange ended without a usable reply.
-- @tparam string code
-- @tparam string message
-- @tparam[opt] table fields more of them, like `sent`
-- @treturn table fields of an error
function M.network(code, message, fields)
  return tables.add({ code = code, kind = "network", message = message }, fields)
end

--- The words of what a program's function raised or returned: any value, one
-- whose `__tostring` raises as well.
-- @param value
-- @treturn string
function M.words(value)
  local ok, words = pcall(tostring, value)
  return ok and words or ("a %s that cannot be shown"):format(type(value))
end

--- A runtime's error, made ours: what it returned stays as it is.
-- @param err a table, or what a program's runtime returned instead
-- @treturn table fields of an error
function M.own(err)
  if err == nil then
    return M.network("connection_lost", "the runtime returned neither a response nor an error")
  elseif type(err) ~= "table" then
    return M.network("connection_lost", M.words(err))
  end
  return tables.copy(err)
end

return M
