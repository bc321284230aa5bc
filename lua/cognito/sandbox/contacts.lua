--- The destination of a message to a user, and the part of it that is shown.
-- @module cognito.sandbox.contacts
local native = require "cognito.native"
local encoding = require "cognito.sandbox.encoding"
local rules = require "cognito.recovery.rules"
local tables = require "cognito.tables"

local M = {}

local mediums = { email = "EMAIL", phone_number = "SMS" }

-- Which attributes each AccountRecoverySetting tries, in order. `legacy` is a
-- pool without that setting.
local recovery_order = {
  legacy = { "phone_number", "email" },
  verified_phone_first = { "phone_number", "email" },
  verified_email_first = { "email", "phone_number" },
  verified_phone_number = { "phone_number" },
  verified_email = { "email" },
  admin_only = { "phone_number", "email" },
}

local sign_up_order = { "phone_number", "email" }

local function contact(user, attribute)
  return { attribute = attribute, medium = mediums[attribute],
    destination = user.attributes[attribute] }
end

--- An address of a user.
-- @function M.of
-- @tparam table user
-- @tparam string attribute
-- @treturn table `{ attribute, medium, destination }`
M.of = contact

--- Whether messages can go to an attribute.
-- @tparam string attribute
-- @treturn boolean
function M.is_address(attribute)
  return mediums[attribute] ~= nil
end

local function recovers_by(options, user, attribute)
  return (rules.recovers_by(attribute,
    user.attributes[attribute .. "_verified"] == "true",
    { SMS_MFA = user.sms_mfa, EMAIL_OTP = user.email_mfa },
    options.recovery == "legacy"))
end

--- Where a recovery code goes.
-- @tparam table options complete options
-- @tparam table user
-- @treturn table|nil `{ attribute, medium, destination }`
function M.for_recovery(options, user)
  for _, attribute in ipairs(recovery_order[options.recovery]) do
    if recovers_by(options, user, attribute) then
      return contact(user, attribute)
    end
  end
end

--- Whether the pool verifies an attribute automatically.
-- @tparam table options complete options
-- @tparam string attribute
-- @treturn boolean
function M.auto_verified(options, attribute)
  return tables.contains(options.auto_verified_attributes, attribute)
end

--- Where a sign-up code goes: the phone first, where the pool verifies both.
-- @tparam table options complete options
-- @tparam table user
-- @treturn table|nil
function M.for_sign_up(options, user)
  for _, attribute in ipairs(sign_up_order) do
    if user.attributes[attribute] and M.auto_verified(options, attribute)
    then
      return contact(user, attribute)
    end
  end
end

--- Where an invitation goes.
-- @tparam table user
-- @tparam table wanted DesiredDeliveryMediums
-- @treturn table list of contacts, in the order of `wanted`
function M.for_invitation(user, wanted)
  local found = {}
  for _, medium in ipairs(wanted) do
    local attribute = medium == "SMS" and "phone_number" or "email"
    if user.attributes[attribute] then
      found[#found + 1] = contact(user, attribute)
    end
  end
  return found
end

local function masked_email(address)
  local name, host, top = address:match("^(.).*@(.).*(%.[^.]+)$")
  if not name then
    return "***"
  end
  return ("%s***@%s***%s"):format(name, host, top)
end

--- An address as the service shows it.
-- @tparam string text an e-mail address or a phone number; anything else
--   stays as it is
-- @treturn string
function M.masked(text)
  if text:find("@", 1, true) then
    return masked_email(text)
  end
  if text:find "^%+%d+$" then
    return "+*******" .. text:sub(-4)
  end
  return text
end

--- CodeDeliveryDetails of a message that was sent.
-- @tparam table place a contact
-- @treturn table
function M.details(place)
  return { AttributeName = place.attribute, DeliveryMedium = place.medium,
    Destination = M.masked(place.destination) }
end

-- The form of a name tells which address it could be; any other name gets
-- the pool's first.
local function simulated_attribute(options, name, order)
  local form = name:find("^%+%d+$") and "phone_number"
    or name:find("@", 1, true) and "email"
  if form and M.auto_verified(options, form) then
    return form
  end
  for _, attribute in ipairs(order) do
    if M.auto_verified(options, attribute) then
      return attribute
    end
  end
  return order[1]
end

local function simulated_details(options, name, order)
  local attribute = simulated_attribute(options, name, order)
  local hex = encoding.hex(native.hmac_sha256(options.user_pool_id, name))
  local function pick(at, count)
    return tonumber(hex:sub(at, at + 3), 16) % count
  end
  local destination = attribute == "phone_number"
    and ("+*******%04d"):format(pick(1, 10000))
    or ("%c***@%c***"):format(97 + pick(1, 26), 97 + pick(5, 26))
  return { AttributeName = attribute, DeliveryMedium = mediums[attribute],
    Destination = destination }
end

--- CodeDeliveryDetails of a recovery code that was not sent: the same for the
-- same name each time. The medium follows the form of the name and the pool's
-- settings (developer guide, Managing user existence error responses). A
-- made-up destination looks a little different from a real one on the live
-- service, too, which is why no page should show it.
-- @tparam table options complete options
-- @tparam string name as the request has it
-- @treturn table
function M.simulated_for_recovery(options, name)
  return simulated_details(options, name, recovery_order[options.recovery])
end

--- CodeDeliveryDetails of a sign-up code that was not sent.
-- @tparam table options complete options
-- @tparam string name as the request has it
-- @treturn table
function M.simulated_for_sign_up(options, name)
  return simulated_details(options, name, sign_up_order)
end

return M
