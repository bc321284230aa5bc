--- An app client's secret where there may be two: while one replaces the other,
-- a program need not know which of them the service takes by now.
--
-- A refused hash did nothing, so the call is made once more with the other
-- secret. A client remembers the one that worked, and only while it is among
-- those given.
-- @module cognito.client_secrets

local M = {}

-- The parameters that hold the hash among their entries.
local maps = { auth_parameters = true, challenge_responses = true }

-- The texts of a reply that has looked at the secret and found another one.
local REFUSALS = { "Unable to verify secret", "SecretHash does not match" }

--- Whether a value is a list of secrets: one or two texts, because the service holds two
-- active secrets of a client at most.
-- @param value
-- @treturn boolean
function M.is_list(value)
  if type(value) ~= "table" then
    return false
  end
  for place, secret in pairs(value) do
    if (place ~= 1 and place ~= 2) or type(secret) ~= "string" or secret == "" then
      return false
    end
  end
  return value[1] ~= nil
end

--- Whether the service says that the secret, or the hash made with it, is
-- another one than the client's.
-- @tparam table err
-- @treturn boolean
function M.is_refusal(err)
  if err.code == "NotAuthorizedException" then
    for _, text in ipairs(REFUSALS) do
      if (err.message or ""):find(text, 1, true) then
        return true
      end
    end
  end
  return false
end

-- The client's own secret goes with its own client id, and where the caller
-- passes nothing in its place. Parameters are read raw, as the core reads them.
local function was_sent(facts, params, client_id)
  local given, asked = rawget(params, facts.secret), rawget(params, "client_id")
  if maps[facts.secret] then
    given = type(given) == "table" and rawget(given, "SECRET_HASH")
  end
  return given == nil and (asked == nil or client_id == nil or asked == client_id)
end

--- Whether a call whose secret was refused may have another one.
-- @tparam table facts of the operation, see `cognito.operations`
-- @tparam table params
-- @tparam ?string client_id the client's
-- @param given string, list or function, as the setting has it
-- @tparam ?string refused the secret that was sent
-- @treturn boolean
function M.has_another(facts, params, client_id, given, refused)
  if not refused or not was_sent(facts, params, client_id) then
    return false
  elseif type(given) == "table" then
    return given[2] ~= nil and given[1] ~= given[2]
  end
  return type(given) == "function"
end

--- Chooses among secrets: the one that worked last, else the first; never the
-- refused one where there is another.
-- @tparam table memory of a client, which forgets a secret that is not given any more
-- @tparam table list see `is_list`
-- @tparam ?string refused
-- @treturn string
function M.choose(memory, list, refused)
  local first, second = list[1], list[2]
  if second and memory.worked == second then
    first, second = second, first
  elseif memory.worked ~= first then
    memory.worked = nil
  end
  return first == refused and second or first
end

return M
