--- Where the services are that give out credentials: STS, SSO and its OIDC
-- sibling, and the sign-in of `aws login`.
-- @module cognito.credentials.services

local endpoint = require "cognito.aws.endpoints"
local failure = require "cognito.credentials.failure"

local M = {}

-- The sign-in has names of its own; its published endpoint rule set has them.
local signin_suffixes = {
  ["aws"] = "signin.aws.amazon.com", ["aws-cn"] = "signin.amazonaws.cn", ["aws-eusc"] = "signin.amazonaws-eusc.eu",
  ["aws-us-gov"] = "signin.amazonaws-us-gov.com", ["aws-iso"] = "signin.c2shome.ic.gov",
  ["aws-iso-b"] = "signin.sc2shome.sgov.gov", ["aws-iso-e"] = "signin.csphome.adc-e.uk",
  ["aws-iso-f"] = "signin.csphome.hci.ic.gov",
}

local function signin_host(region, partition, use_fips, use_dualstack)
  if use_dualstack then
    return ("%s.%s.%s"):format(use_fips and "signin-fips" or "signin", region, partition.dual)
  elseif not use_fips then
    return region .. "." .. signin_suffixes[partition.name]
  elseif region == "us-gov-west-1" then
    return "signin-fips.amazonaws-us-gov.com"
  elseif partition.name == "aws-us-gov" then
    return region .. ".signin-fips.amazonaws-us-gov.com"
  end
  return ("signin-fips.%s.%s"):format(region, partition.suffix)
end

-- host: of its URL, or find_host where that follows other rules; id: as
-- AWS_ENDPOINT_URL_… and the sections of services name it.
local services = {
  signin = { find_host = signin_host, id = "SIGNIN" },
  sts = { host = "sts", fips = "sts-fips", id = "STS" },
  sso = { host = "portal.sso", fips = "portal.sso-fips", id = "SSO" },
  oidc = { host = "oidc", fips = "oidc-fips", id = "SSO_OIDC" },
}

local function host_of(service, region, settings, use_fips)
  local _, err = endpoint.resolve { region = region }
  err = err or settings.problems.use_fips or settings.problems.use_dualstack
  if err then
    return nil, err
  end
  local partition, use_dualstack = endpoint.partition(region), settings.use_dualstack
  if service.find_host then
    return "https://" .. service.find_host(region, partition, use_fips, use_dualstack)
  end
  -- The usual names of these services are the FIPS ones in GovCloud.
  local name = use_fips and not (region:find "^us%-gov%-" and not use_dualstack) and service.fips
    or service.host
  return ("https://%s.%s.%s"):format(name, region, use_dualstack and partition.dual or partition.suffix)
end

--- Finds a service.
-- @tparam table world
-- @tparam string source who asks, for the error
-- @tparam string name "sts", "sso", "oidc" or "signin"
-- @tparam ?string region
-- @treturn[1] string URL without a slash at its end
-- @treturn[1] string region to sign for
-- @treturn[2] nil
-- @treturn[2] table error
function M.find(world, source, name, region)
  local service, settings = services[name], world:settings()
  if not region then
    return failure.broken(source, "no region is known for " .. service.id,
      "Set region in the program or in the profile, or AWS_REGION")
  end
  local real, asks_fips = endpoint.real_region(region)
  local use_fips = settings.use_fips or asks_fips
  local url, err
  local own, origin = world:endpoint(service.id)
  if own then
    url, err = endpoint.resolve {
      endpoint = own, region = real, use_fips = use_fips, use_dualstack = settings.use_dualstack,
      allow_http = settings.allow_http,
    }
  elseif name == "sts" and real == "aws-global" then
    url, real = "https://sts.amazonaws.com", "us-east-1"
  else
    url, err = host_of(service, real, settings, use_fips)
  end
  if not url then
    return failure.broken(source, ("the endpoint of %s%s: %s"):format(service.id, origin and ", from " .. origin or "",
      err.message))
  end
  return url:gsub("/+$", ""), real
end

return M
