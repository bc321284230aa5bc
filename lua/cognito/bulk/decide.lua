--- Whether a user is acted on, or skipped and why.
-- @module cognito.bulk.decide

local contact = require "cognito.bulk.contact"
local pool_users = require "cognito.bulk.pool_users"
local selection = require "cognito.bulk.selection"
local hex = require "cognito.hex"
local native = require "cognito.native"

local M = {}

--- An address for comparison.
-- @tparam string email
-- @tparam string key the job's own
-- @treturn string a hash, so that no address is kept
function M.email_hash(email, key)
  return hex(native.hmac_sha256(key, contact.comparable(email)))
end

local function reason_of_state(planning, user)
  local action = planning.action
  local reason = action[user.enabled and "enabled" or "disabled"]
  if reason then
    return reason
  end
  local rule = action.states[user.status]
  if rule == "already_reset" and planning.again or rule == true then
    return nil
  end
  return rule or "unknown_status"
end

--- Decides about a user of the pool.
-- @tparam table planning `action`, `again`, `selection`, `pool_facts`, `key`: the job's own
-- @tparam table user
-- @tparam boolean excluded whether a name of the user's is among the excluded
-- @treturn table row: the columns of the plan
function M.row(planning, user, excluded)
  local medium, no_contact
  local reason = excluded and "excluded" or selection.reason(planning.selection, user)
    or reason_of_state(planning, user)
  if not reason then
    medium, no_contact = contact.medium(planning.action, user, planning.pool_facts)
    reason = no_contact
  end
  return {
    sub = user.sub,
    username = user.username,
    status_before = user.status,
    enabled = user.enabled and 1 or 0,
    modified_before = pool_users.moment_text(user.modified),
    medium = medium,
    contact_before = contact.fingerprint(planning.action, user, planning.pool_facts, planning.key),
    reason = reason,
    note = planning.action.locks and not reason and contact.no_way_back(user, planning.pool_facts) or nil,
    email = user.attributes.email and M.email_hash(user.attributes.email, planning.key) or nil,
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
-- has: an attacker may have changed it. No message may go there, so the user
-- is skipped; but to lock the account is right then most of all.
-- @tparam table row
-- @tparam ?string expected hash; nil: no matter
-- @tparam table action
function M.expect(row, expected, action)
  if not expected or row.email == expected or row.reason == "excluded" or selection.reasons[row.reason] then
    return
  elseif action.keeps_out then
    row.note = row.note and "email_changed " .. row.note or "email_changed"
  else
    row.reason = "email_changed"
  end
end

return M
