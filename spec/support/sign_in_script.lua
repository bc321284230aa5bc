--- A service that plays back the replies of a sign-in.
local cognito = require "cognito"
local json = require "cjson"

local M = {}

M.tokens = { AuthenticationResult = { AccessToken = "t" } }

--- A challenge.
function M.asks(name, parameters, more)
  local reply = { ChallengeName = name, ChallengeParameters = parameters, Session = "session-of-20-characters" }
  for key, value in pairs(more or {}) do reply[key] = value end
  return reply
end

M.verifier = M.asks("PASSWORD_VERIFIER", { USER_ID_FOR_SRP = "id-1", SALT = "a1", SRP_B = "b2",
  SECRET_BLOCK = "QUJD" })

--- @tparam {table,...} replies those with a `__type` are errors
-- @tparam[opt] table settings of the client
-- @treturn cognito.Client pool
-- @treturn {table,...} the bodies that are sent
function M.new(replies, settings)
  local sent = {}
  settings = settings or {}
  settings.user_pool_id = settings.user_pool_id or "eu-west-1_Example"
  settings.client_id, settings.env = "abc", function() return nil end
  settings.runtime = function(request)
    sent[#sent + 1] = json.decode(request.body)
    local reply = table.remove(replies, 1)
    return { status = reply.__type and 400 or 200, headers = {}, body = json.encode(reply) }
  end
  return cognito.new(settings), sent
end

return M
