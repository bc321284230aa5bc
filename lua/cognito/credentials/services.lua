--- Where the services are that give out credentials: STS, SSO and its OIDC
-- sibling, and the sign-in of `aws login`.
-- @module cognito.credentials.services

local endpoints = require "cognito.aws.endpoints"
local failure = require "cognito.credentials.failure"
local services = require "cognito.aws.services"

local M = {}

--- Finds a service.
-- @tparam table world
-- @tparam string source that asks, for the error
-- @tparam string name "sts", "sso", "oidc" or "signin"
-- @tparam ?string region
-- @treturn[1] string URL without a slash at its end
-- @treturn[1] string region to sign for
-- @treturn[2] nil
-- @treturn[2] table error
function M.find(world, source, name, region)
  local id, settings = services[name].id, world:settings()
  if not region then
    return failure.broken(source, "no region is known for " .. id,
      "Set region in the program or in the profile, or AWS_REGION")
  end
  local real, asks_fips = endpoints.real_region(region)
  local own, origin = world:endpoint(id)
  if not own and name == "sts" and real == "aws-global" then
    return "https://sts.amazonaws.com", "us-east-1"
  end
  local url, err = nil, not own and (settings.problems.use_fips or settings.problems.use_dualstack)
  if not err then
    url, err = endpoints.resolve({
      endpoint = own, region = real, use_fips = settings.use_fips or asks_fips,
      use_dualstack = settings.use_dualstack, allow_http = settings.allow_http,
    }, name)
  end
  if not url then
    return failure.broken(source, ("the endpoint of %s%s: %s"):format(id, origin and ", from " .. origin or "",
      err.message))
  end
  return url:gsub("/+$", ""), real
end

return M
