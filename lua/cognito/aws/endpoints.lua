--- Where a service is: its URL in a region, or the one that is set.
-- @module cognito.aws.endpoints

local failure = require "cognito.failure"
local native = require "cognito.native"
local services = require "cognito.aws.services"

local M = {}

-- First match wins; the last row is the default. Suffixes: of the usual
-- names, and of those that also have IPv6 addresses.
local partitions = {
  { name = "aws-cn", "^cn%-%w+%-%d+$", "^aws%-cn%-global$",
    suffix = "amazonaws.com.cn", dual = "api.amazonwebservices.com.cn" },
  { name = "aws-us-gov", "^us%-gov%-%w+%-%d+$", "^aws%-us%-gov%-global$", suffix = "amazonaws.com", dual = "api.aws" },
  { name = "aws-eusc", "^eusc%-de%-%w+%-%d+$", suffix = "amazonaws.eu", dual = "api.amazonwebservices.eu" },
  { name = "aws-iso", "^us%-iso%-%w+%-%d+$", "^aws%-iso%-global$", suffix = "c2s.ic.gov", dual = "api.aws.ic.gov" },
  { name = "aws-iso-b", "^us%-isob%-%w+%-%d+$", "^aws%-iso%-b%-global$",
    suffix = "sc2s.sgov.gov", dual = "api.aws.scloud" },
  { name = "aws-iso-e", "^eu%-isoe%-%w+%-%d+$", "^aws%-iso%-e%-global$",
    suffix = "cloud.adc-e.uk", dual = "api.cloud-aws.adc-e.uk" },
  { name = "aws-iso-f", "^us%-isof%-%w+%-%d+$", "^aws%-iso%-f%-global$",
    suffix = "csp.hci.ic.gov", dual = "api.aws.hci.ic.gov" },
  { name = "aws", "", suffix = "amazonaws.com", dual = "api.aws" },
}

--- The partition of AWS that a region belongs to.
-- @tparam string region
-- @treturn table `name`; `suffix` and `dual`: of the usual host names, and of
--   those that have IPv6 addresses as well
function M.partition(region)
  for _, partition in ipairs(partitions) do
    for _, pattern in ipairs(partition) do
      if region:find(pattern) then
        return partition
      end
    end
  end
end

local function refused(message, field)
  return nil, failure.validation(field, message)
end

local function check_url(text, allow_http)
  local read = native.read_url(text)
  if not read or read.query ~= "" then
    return refused("the endpoint must be a URL like https://host or https://host:port/path, without a user or a query",
      "endpoint")
  end
  if read.scheme == "http" and not allow_http and not read.is_loopback then
    return refused("the endpoint speaks plain http, where passwords and codes can be read on the way: "
      .. "use https, or say allow_http = true", "endpoint")
  end
  return text
end

--- The region that a name stands for: old settings write "fips-us-east-1" or
-- "us-east-1-fips" for the FIPS endpoint of us-east-1.
-- @tparam string region
-- @treturn string region
-- @treturn boolean whether the name asked for FIPS
function M.real_region(region)
  local real = region:gsub("^fips%-dkr%-", ""):gsub("^fips%-prod%-", ""):gsub("^fips%-", ""):gsub("%-fips$", "")
  return real, real ~= region
end

--- Whether a region can be part of a host's name.
-- @function is_region
-- @tparam string region
-- @treturn boolean
M.is_region = native.is_host_label

--- Finds a service's URL.
-- @tparam table settings
-- @tparam[opt] string settings.region
-- @tparam[opt] string settings.endpoint a URL that is taken as it is
-- @tparam[opt] boolean settings.use_fips
-- @tparam[opt] boolean settings.use_dualstack
-- @tparam[opt] boolean settings.allow_http whether plain http may go further
--   than a literal loopback address
-- @tparam[opt="user_pools"] string service see `cognito.aws.services`
-- @treturn[1] string URL
-- @treturn[2] nil
-- @treturn[2] table error: `invalid_parameter` or `no_region`
function M.resolve(settings, service)
  local region, asks_fips = settings.region, false
  if region then
    region, asks_fips = M.real_region(region)
  end
  local use_fips = settings.use_fips or asks_fips
  if settings.endpoint then
    if use_fips or settings.use_dualstack then
      return refused("use_fips and use_dualstack choose among the service's own endpoints: "
        .. "they do not go with an endpoint of your own", "endpoint")
    end
    return check_url(settings.endpoint, settings.allow_http)
  end
  if not region then
    return nil, failure.no_region()
  end
  if not M.is_region(region) then
    return refused("the region must be letters, digits and hyphens, like eu-west-1", "region")
  end
  return "https://" .. services[service or "user_pools"].host(region, M.partition(region), use_fips,
    settings.use_dualstack)
end

return M
