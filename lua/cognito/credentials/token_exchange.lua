--- A refresh token, exchanged for the next token: SSO's OIDC service and the
-- sign-in of `aws login` both take JSON and answer JSON.
-- @module cognito.credentials.token_exchange

local document = require "cognito.credentials.document"
local fetch = require "cognito.credentials.fetch"
local json_object = require "cognito.credentials.json_object"
local services = require "cognito.credentials.services"

local M = {}

--- Sends what a file holds to a service.
-- @tparam table world
-- @tparam string source for errors
-- @tparam table exchange `service` (as `services.find` names it), `region`,
--   `path`, `members` (strings by name), `what` (cannot be renewed, for
--   errors); optionally `again` (see `fetch.send`), and `proof`: a function
--   from the URL to the value of a DPoP header, called for each try
-- @treturn[1] table response
-- @treturn[2] nil
-- @treturn[2] table error
function M.send(world, source, exchange)
  local url, err = services.find(world, source, exchange.service, exchange.region)
  if not url then
    return nil, err
  end
  url = url .. exchange.path
  local body = document.write(exchange.members)
  local response, message, cause = fetch.send(world, {
    runtime = world:runtime(), again = exchange.again,
    request = function()
      local headers = { { "Content-Type", "application/json" } }
      headers[2] = exchange.proof and { "DPoP", exchange.proof(url) }
      return { method = "POST", url = url, headers = headers, body = body }
    end,
  })
  if not response then
    return fetch.failed(source, ("%s cannot be renewed: %s"):format(exchange.what, message), cause)
  end
  return response
end

local nothing = json_object.read "{}"

--- What a service answered. The old refresh token may be spent by now: members
-- that are not asked for must not cost the new one.
-- @tparam table response
-- @treturn table object, an empty one where the body is none
function M.read(response)
  return json_object.read(response.body or "") or nothing
end

return M
