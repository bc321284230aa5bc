--- The services that this library asks, by name: `id`, as AWS_ENDPOINT_URL_…
-- and the sections of services name each, and `host`, its name in a region.
--
-- The rules are those of the services' published endpoint rule sets, their
-- peculiarities included.
-- @module cognito.aws.services

-- ---- Cognito user pools ----

-- Where the FIPS names have IPv6 addresses without a suffix of their own.
local fips_is_dual = { ["us-east-1"] = true, ["us-east-2"] = true, ["us-west-1"] = true, ["us-west-2"] = true }

local function user_pools_host(region, partition, use_fips, use_dualstack)
  local service, suffix = "cognito-idp", partition.suffix
  if use_fips then
    service = "cognito-idp-fips"
    if use_dualstack and not fips_is_dual[region] then
      suffix = partition.dual
    end
  elseif use_dualstack and partition.name ~= "aws" then
    suffix = partition.dual -- in the partition aws the usual names have both
  end
  return ("%s.%s.%s"):format(service, region, suffix)
end

-- ---- the sign-in of `aws login` ----

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

-- ---- the others ----

-- Their usual names are the FIPS ones in GovCloud.
local function usual(name, fips_name)
  return function(region, partition, use_fips, use_dualstack)
    local is_usual = not use_fips or region:find "^us%-gov%-" and not use_dualstack
    return ("%s.%s.%s"):format(is_usual and name or fips_name, region,
      use_dualstack and partition.dual or partition.suffix)
  end
end

return {
  user_pools = { id = "COGNITO_IDENTITY_PROVIDER", host = user_pools_host },
  signin = { id = "SIGNIN", host = signin_host },
  sts = { id = "STS", host = usual("sts", "sts-fips") },
  sso = { id = "SSO", host = usual("portal.sso", "portal.sso-fips") },
  oidc = { id = "SSO_OIDC", host = usual("oidc", "oidc-fips") },
}
