--- Which failures prove that no message went out, so that the call can be made
-- once more and no user gets two.
--
-- The list holds refusals that come before a message is made. Absent from it:
--
-- - UserLambdaValidationException, UnexpectedLambdaException,
--   InvalidLambdaResponseException: a trigger ran, and may have sent the
--   message itself before it failed.
-- - Every code that this version does not know.
--
-- CodeDeliveryFailureException says that the message could not be handed over.
-- That is proof where the pool hands messages over itself, and none where a
-- custom sender does.
-- @module cognito.bulk.refusals

local M = {}

-- About the user, the request or the pool's settings: refused on sight.
local SENT_NOTHING = {
  "InvalidParameterException", "InvalidUserPoolConfigurationException", "LimitExceededException",
  "NotAuthorizedException", "PasswordResetRequiredException", "PreconditionNotMetException",
  "UnsupportedUserStateException", "UserImportInProgressException", "UserNotConfirmedException",
  "UserNotFoundException",
  "invalid_parameter", -- refused by the client
}

-- Whether the pool gives its messages to SES and SNS itself.
local function hands_over(user_pool)
  local triggers = user_pool and user_pool.lambda_config or {}
  return user_pool ~= nil and not triggers.custom_email_sender and not triggers.custom_sms_sender
end

--- The codes with which a user who failed may be tried again.
-- @tparam table action
-- @tparam ?table user_pool as DescribeUserPool tells, where that is known
-- @treturn ?table list; nil: any code, because the action sends no message
function M.repeatable(action, user_pool)
  if not action.sends then
    return nil
  end
  local codes = {}
  for i, code in ipairs(SENT_NOTHING) do
    codes[i] = code
  end
  codes[#codes + 1] = hands_over(user_pool) and "CodeDeliveryFailureException" or nil
  return codes
end

return M
