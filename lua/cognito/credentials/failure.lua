--- How a source of credentials says that it has none.
--
-- Two ways, and the difference decides what happens next: a source that is
-- not configured is passed over, one that is configured but broken stops the
-- search, because a later source would give credentials that were not meant.
-- @module cognito.credentials.failure

local failures = require "cognito.failure"

local M = {}

--- The source is not configured.
-- @tparam[opt] string message
-- @tparam[opt] string hint where it may have been meant, what to do then
-- @treturn nil
-- @treturn table `{ absent = true, message, hint }`
function M.absent(message, hint)
  return nil, { absent = true, message = message, hint = hint }
end

--- The source is configured and does not work.
-- @tparam string source its name, like "profile 'work'"
-- @tparam string message what is wrong, without secrets
-- @tparam[opt] string hint what to mend
-- @treturn nil
-- @treturn table fields of an error
function M.broken(source, message, hint)
  return nil, failures.credentials(source .. ": " .. message, hint or "Correct " .. source)
end

--- The source is configured, and what it needs does not answer: the same may
-- succeed later.
-- @tparam string source
-- @tparam string message
-- @tparam[opt] string hint
-- @treturn nil
-- @treturn table fields of an error
function M.temporary(source, message, hint)
  local _, err = M.broken(source, message, hint or "Try again later; see whether the network lets it through")
  err.retryable = true
  return nil, err
end

--- A code that a document of credentials gives, fit to be shown: in a text that
-- is no code a credential could be.
-- @param code
-- @treturn string
function M.code(code)
  return type(code) == "string" and #code <= 64 and code:find "^%a[%w._-]*$" and code or "a code that is none"
end

return M
