--- Where the service is: its URL in a region.
-- The rules are those of the service's published endpoint rule set.
-- @module cognito.endpoint

local M = {}

-- First match wins; the last row is the default.
local partitions = {
  { "^cn%-%w+%-%d+$", "amazonaws.com.cn" },
  { "^eusc%-de%-%w+%-%d+$", "amazonaws.eu" },
  { "^us%-iso%-%w+%-%d+$", "c2s.ic.gov" },
  { "^us%-isob%-%w+%-%d+$", "sc2s.sgov.gov" },
  { "^eu%-isoe%-%w+%-%d+$", "cloud.adc-e.uk" },
  { "^us%-isof%-%w+%-%d+$", "csp.hci.ic.gov" },
  { "", "amazonaws.com" },
}

local function suffix_of(region)
  for _, row in ipairs(partitions) do
    if region:find(row[1]) then
      return row[2]
    end
  end
end

local function refused(message, field)
  return nil, { code = "invalid_parameter", kind = "validation", field = field, message = message }
end

-- A literal loopback address: a name could be anybody's.
local function is_loopback(url)
  local host = url:match "^[^:]+://([^/]*)"
  host = host:match "^(%[[^%]]*%])" or host:match "^[^:]*"
  return host == "[::1]" or host:find "^127%.%d+%.%d+%.%d+$" ~= nil
end

--- Finds the service's URL.
-- @tparam table settings
-- @tparam[opt] string settings.region
-- @tparam[opt] string settings.endpoint a URL that is taken as it is
-- @tparam[opt] boolean settings.allow_http whether plain http may go further
--   than a literal loopback address
-- @treturn[1] string URL
-- @treturn[2] nil
-- @treturn[2] table error
function M.resolve(settings)
  local url, region = settings.endpoint, settings.region
  if not url then
    if not region then
      return nil, {
        code = "no_region", kind = "validation",
        message = "no region is known",
      }
    end
    if #region > 63 or not region:find "^%w[%w-]*$" or region:find "%-$" then
      return refused("the region must be letters, digits and hyphens, like eu-west-1", "region")
    end
    return ("https://cognito-idp.%s.%s"):format(region, suffix_of(region))
  end
  local scheme = url:match "^(%a+)://[^/%s]"
  scheme = scheme and scheme:lower()
  if scheme ~= "https" and scheme ~= "http" then
    return refused("the endpoint must be a URL like https://host or https://host:port/path", "endpoint")
  end
  if scheme == "http" and not settings.allow_http and not is_loopback(url) then
    return refused("the endpoint speaks plain http, where passwords and codes can be read on the way: "
      .. "use https, or say allow_http = true", "endpoint")
  end
  return url
end

return M
