--- The text of a message: the pool's own words, or those of the custom message
-- trigger.
-- @module cognito.sandbox.messages
local M = {}

local CODE, USERNAME = "{####}", "{username}"

-- The words of a new pool.
local usual = {
  AdminCreateUser = { subject = "Your temporary password",
    text = "Your username is {username} and temporary password is {####}. " },
  Authentication = { subject = "Your authentication code",
    text = "Your authentication code is {####}. " },
}
local verification = { subject = "Your verification code",
  text = "Your verification code is {####}. " }

local function filled(text, message)
  if type(text) ~= "string" then
    return nil
  end
  return (text:gsub("{####}", function() return message.code end)
    :gsub("{username}", function() return message.username end))
end

local function custom(pool, message, user, trigger)
  local request = { userAttributes = user.attributes, codeParameter = CODE,
    clientMetadata = message.client_metadata }
  if trigger == "AdminCreateUser" then
    request.usernameParameter = USERNAME
  end
  local response = pool.triggers:run("custom_message", message.trigger,
    user.username, request) or {}
  if message.medium == "SMS" then
    return response.smsMessage
  end
  return response.emailMessage, response.emailSubject
end

--- Words a message: sets its `text`, and the `subject` of one by mail.
-- @tparam table pool
-- @tparam table message of the outbox
-- @tparam table user
-- @raise a refusal, where the trigger fails
function M.compose(pool, message, user)
  local trigger = message.trigger:match "_(.*)$"
  local words = usual[trigger] or verification
  local text, subject = custom(pool, message, user, trigger)
  message.text = filled(text or words.text, message)
  if message.medium == "EMAIL" then
    message.subject = filled(subject or words.subject, message)
  end
end

return M
