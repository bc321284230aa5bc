--- The challenges of a sign-in that a page can answer: which page asks, by which
-- field, and the name of the response, if it wants one. For `PASSWORD_VERIFIER` and the like the
-- library has the answer.

local challenges = {
  NEW_PASSWORD_REQUIRED = { page = "password", field = "password", response = "NEW_PASSWORD" },
  SMS_MFA = { page = "code", field = "code", response = "SMS_MFA_CODE", text = "sms" },
  SMS_OTP = { page = "code", field = "code", response = "SMS_OTP_CODE", text = "sms" },
  EMAIL_OTP = { page = "code", field = "code", response = "EMAIL_OTP_CODE", text = "email" },
  SOFTWARE_TOKEN_MFA = { page = "code", field = "code", response = "SOFTWARE_TOKEN_MFA_CODE", text = "app" },
  SELECT_MFA_TYPE = { page = "choice", field = "choice", response = "ANSWER" },
  SELECT_CHALLENGE = { page = "choice", field = "choice", response = "ANSWER" },
  MFA_SETUP = { page = "setup", field = "code" }, -- site/factor_setup.lua prepares its answer
}

-- Attributes that a new password may come with have this before their name.
local PREFIX = "userAttributes."

local function row(name)
  local found = challenges[name]
  return type(found) == "table" and found or nil
end

--- The choices that lead on here: those of a code. A passkey takes a script and the
-- service's own page.
-- @tparam table challenge
-- @treturn table list of `{ name, text }`
function challenges.choices(challenge)
  local usable = {}
  for _, name in ipairs(type(challenge.choices) == "table" and challenge.choices or {}) do
    local kind = row(name)
    if kind and kind.text then
      usable[#usable + 1] = { name = name, text = kind.text }
    end
  end
  return usable
end

--- Whether a challenge offers a choice.
-- @tparam table challenge
-- @tparam string choice
-- @treturn boolean
function challenges.offers(challenge, choice)
  for _, name in ipairs(type(challenge.choices) == "table" and challenge.choices or {}) do
    if name == choice then return true end
  end
  return false
end

--- Whether a visitor may make a choice here.
-- @tparam table challenge
-- @tparam string choice
-- @treturn boolean
function challenges.can_choose(challenge, choice)
  local kind = row(choice)
  return kind ~= nil and kind.text ~= nil and challenges.offers(challenge, choice)
end

--- Whether a challenge can be answered here. One to choose cannot where nothing it
-- offers has a page.
-- @tparam table challenge of `recovery.sign_in`, or as `kept` has it
-- @treturn ?table page, field, response, text
function challenges.find(challenge)
  local found = row(challenge.name)
  if found and found.page == "choice" and not challenges.choices(challenge)[1] then
    return nil
  end
  return found
end

--- Whether the code of a challenge is one that an app shows.
-- @tparam table challenge
-- @treturn boolean
function challenges.is_of_app(challenge)
  return challenge.name == "SOFTWARE_TOKEN_MFA" or challenge.name == "MFA_SETUP"
end

--- The attributes that a challenge requires beside a new password.
-- @tparam table challenge
-- @treturn table list of names without the prefix
function challenges.attributes(challenge)
  local names = {}
  for _, name in ipairs(challenge.required or {}) do
    names[#names + 1] = tostring(name):gsub("^userAttributes%.", "")
  end
  return names
end

--- The responses of a form.
-- @tparam table challenge
-- @tparam table form
-- @treturn table
function challenges.responses(challenge, form)
  local found = challenges.find(challenge)
  local responses = { USERNAME = challenge.username }
  if found.response then responses[found.response] = form[found.field] end
  for _, name in ipairs(challenges.attributes(challenge)) do
    responses[PREFIX .. name] = form.attributes[name]
  end
  return responses
end

return challenges
