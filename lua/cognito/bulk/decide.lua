--- Whether a user is acted on, or skipped and why.
-- @module cognito.bulk.decide

local contact = require "cognito.bulk.contact"
local text = require "cognito.bulk.text"
local native = require "cognito.native"
local unicode = require "cognito.unicode"

local M = {}

--- An address for comparison: what stands in the domain is the same in either
-- case, and no provider of note tells cases apart before the @.
-- @tparam string email
-- @treturn string a hash, so that no address is kept
function M.email_hash(email)
  return text.hex(native.sha256(unicode.nfc(unicode.lower(email:match "^%s*(.-)%s*$"))))
end

local function reason_of_state(job, user)
  if not user.enabled then
    return "disabled"
  end
  local rule = job.action.states[user.status]
  if rule == "already_reset" and job.again or rule == true then
    return nil
  end
  return rule or "unknown_status"
end

--- Decides about a user of the pool.
-- @tparam table job `action`, `again`, `facts` of the pool
-- @tparam table user
-- @tparam boolean excluded whether a name of the user's is among the excluded
-- @treturn table row: the columns of the plan
function M.row(job, user, excluded)
  local medium, no_contact
  local reason = excluded and "excluded" or reason_of_state(job, user)
  if not reason then
    medium, no_contact = contact.medium(job.action, user, job.facts)
    reason = no_contact
  end
  return {
    sub = user.sub,
    username = user.username,
    status_before = user.status,
    enabled = user.enabled and 1 or 0,
    modified_before = user.modified,
    medium = medium,
    reason = reason,
    email = user.attributes.email and M.email_hash(user.attributes.email) or nil,
  }
end

--- A row for a name that leads to nobody, or to several.
-- @tparam string name
-- @tparam ?number line
-- @tparam string reason
-- @treturn table row
function M.nobody(name, line, reason)
  return { username = name, line = line, reason = reason }
end

--- Compares the address that the user should have with the one that the user
-- has: an attacker may have changed it.
-- @tparam table row
-- @tparam ?string expected hash; nil: no matter
function M.expect(row, expected)
  if expected and row.email ~= expected and row.reason ~= "excluded" then
    row.reason = "email_changed"
  end
end

return M
