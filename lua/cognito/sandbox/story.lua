--- One request's outcome, as a line for the person who develops against
-- the sandbox: the truth that is hidden from an app client, but no code, no
-- password and no address unmasked.
-- @module cognito.sandbox.story
local contacts = require "cognito.sandbox.contacts"
local printable = require "cognito.printable"

local M = {}

local Story = {}
Story.__index = Story

-- Operations that may send, so that it is worth saying when they do not.
local senders = {
  forgot_password = true, resend_confirmation_code = true, sign_up = true,
  admin_reset_user_password = true, admin_create_user = true,
  get_user_attribute_verification_code = true,
}

local states = {
  unknown = "no such user", disabled = "the user is disabled",
  no_contact = "no verified address", CONFIRMED = "",
}

--- Begins to tell.
-- @tparam string operation in snake_case
-- @treturn table
function M.new(operation)
  return setmetatable({ operation = operation, sent = {} }, Story)
end

--- Notes whom the request is about.
-- @tparam ?string name as the request has it
function Story:about(name)
  self.name = name
end

--- Notes how the pool judged.
-- @tparam string state as answers.lua names it
-- @tparam string answer
function Story:judged(state, answer)
  self.state, self.answer = state, answer
end

--- Notes a message.
-- @tparam table place a contact
function Story:sends(place)
  self.sent[#self.sent + 1] = ("%s by %s"):format(
    contacts.masked(place.destination), place.medium)
end

--- Notes the end.
-- @tparam table result a reply's members, or a refusal
function Story:ends(result)
  self.result = result
end

local function state_of(self)
  if not self.state then
    return ""
  end
  local words = states[self.state] or "status " .. self.state
  return words == "" and "" or words .. ", "
end

-- A refusal's text may repeat the name.
local function refusal_of(self, name)
  local text = self.result.code .. ": " .. self.result.message
  if not self.name then
    return text
  end
  local at, stop = text:find(self.name, 1, true)
  if not at then
    return text
  end
  return text:sub(1, at - 1) .. name .. text:sub(stop + 1)
end

local function outcome_of(self, name, setting)
  local state, result = state_of(self), self.result
  if result.code and result.message then
    return state .. refusal_of(self, name)
  elseif self.answer == "simulated" then
    return ("%sanswered as if (%s)"):format(state, setting)
  elseif result.ChallengeName then
    return ("%schallenge %s"):format(state, result.ChallengeName)
  end
  return state .. "done"
end

local function sent_of(self)
  if self.sent[1] then
    return "; sent to " .. table.concat(self.sent, ", ")
  end
  local silent = senders[self.operation] and not self.result.code
  return silent and "; nothing sent" or ""
end

--- The line.
-- @tparam table options complete options
-- @treturn string
function Story:line(options)
  local name = self.name and contacts.masked(self.name) or ""
  local line = ("%s%s%s: %s%s"):format(self.operation,
    name == "" and "" or " ", name,
    outcome_of(self, name, options.prevent_user_existence_errors),
    sent_of(self))
  return printable.clean(line)
end

--- The line of a request that goes wrong on order.
-- @tparam table fault
-- @treturn string
function Story:fault_line(fault)
  return printable.clean(("%s: %s on order (%s)"):format(self.operation,
    fault.what, fault.phase))
end

return M
