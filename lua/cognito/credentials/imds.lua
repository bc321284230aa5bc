--- The role of an EC2 instance, from its metadata service: version 2 of the
-- protocol, where a token is asked for first; version 1 never.
-- @module cognito.credentials.imds

local c_locale = require "cognito.c_locale"
local document = require "cognito.credentials.document"
local failure = require "cognito.credentials.failure"
local fetch = require "cognito.credentials.fetch"
local urls = require "cognito.url"

local M = {}

local SOURCE = "instance metadata"
local ROLES = "/latest/meta-data/iam/security-credentials/"
local TTL = 21600 -- seconds that a token is asked for
local TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds"
local EARLY = 120 -- seconds before its end at which a token is replaced
local ATTEMPTS = 4
local TIMEOUT = 1 -- seconds; the service is next door or not there

local endpoints = { ipv4 = "http://169.254.169.254", ipv6 = "http://[fd00:ec2::254]" }

local function setting(world, variable, key)
  return world:variable(variable) or world:profile_setting(key)
end

local function find_endpoint(world)
  local own = setting(world, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")
  if own then
    local read = urls.read(own)
    if not read or read.query ~= "" then
      return failure.broken(SOURCE, "its endpoint is not an http or https URL, or has a user or a query in it",
        "Mend AWS_EC2_METADATA_SERVICE_ENDPOINT or ec2_metadata_service_endpoint")
    end
    return (own:gsub("/+$", ""))
  end
  local mode = setting(world, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
  local found = endpoints[c_locale.lower(mode or "IPv4")]
  if not found then
    return failure.broken(SOURCE, "its endpoint mode must be IPv4 or IPv6",
      "Mend AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE or ec2_metadata_service_endpoint_mode")
  end
  return found
end

-- No answer at all is not tried again: elsewhere than on EC2 nobody is there.
local function send(world, request, attempts)
  return fetch.send(world, {
    runtime = world:metadata_runtime(), direct = true, request = request, timeout = TIMEOUT, connect_timeout = TIMEOUT,
    attempts = attempts, again = function(response) return response and response.status >= 500 end,
  })
end

-- ---- the token ----

local function fetch_token(world, base)
  local response, message = send(world, {
    method = "PUT", url = base .. "/latest/api/token", headers = { { TTL_HEADER, tostring(TTL) } }, body = "",
  }, ATTEMPTS)
  if not response then
    return failure.absent(("%s: nobody answers at %s (%s)"):format(SOURCE, base, message))
  elseif response.status ~= 200 then
    return failure.broken(SOURCE, ("asked for a token, it answered %d"):format(response.status),
      "See whether the instance's metadata options allow it")
  end
  local value = response.body or ""
  if not value:find "^[!-~]+$" then
    return failure.broken(SOURCE, "asked for a token, it answered none")
  end
  local lifetime = c_locale.tonumber((response.headers or {})[TTL_HEADER]) or TTL
  return { value = value, renew_at = world.now() + lifetime - EARLY }
end

local function find_token(world, base)
  local token = world.memory.imds_token
  if token and world.now() < token.renew_at then
    return token.value
  end
  local err
  token, err = fetch_token(world, base)
  world.memory.imds_token = token
  return token and token.value, err
end

-- ---- what it guards ----

local function get(world, base, path)
  local token, err = find_token(world, base)
  if not token then
    return nil, err
  end
  local response, message = send(world, {
    method = "GET", url = base .. path, headers = { { "x-aws-ec2-metadata-token", token } },
  }, ATTEMPTS)
  if not response then
    return failure.temporary(SOURCE, "it stopped answering: " .. message)
  end
  return response
end

-- A token may end before its time, when the service starts anew.
local function get_with_fresh_token(world, base, path)
  local response, err = get(world, base, path)
  if response and response.status == 401 then
    world.memory.imds_token = nil
    response, err = get(world, base, path)
  end
  return response, err
end

local function find_role(world, base)
  local response, err = get_with_fresh_token(world, base, ROLES)
  if not response then
    return nil, err
  elseif response.status == 404 then
    return failure.absent(SOURCE .. ": the instance has no role")
  elseif response.status ~= 200 then
    return failure.broken(SOURCE, ("asked for the role's name, it answered %d"):format(response.status))
  end
  local role = (response.body or ""):match "^%s*([%w+=,.@_-]+)%s*$"
  if not role then
    return failure.broken(SOURCE, "asked for the role's name, it answered none")
  end
  return role
end

local function read_reply(response, role)
  local members = response.status == 200 and document.read(response.body or "")
  local what = ("asked for the credentials of %s, it answered "):format(role)
  if response.status ~= 200 then
    return failure.broken(SOURCE, what .. response.status)
  elseif not members then
    return failure.broken(SOURCE, what .. "what is no JSON object")
  elseif members.code ~= nil and members.code ~= "Success" then
    return failure.broken(SOURCE, what .. tostring(members.code),
      members.code == "AssumeRoleUnauthorizedAccess" and "See whether the role's trust policy names EC2" or nil)
  end
  local found, message = document.credentials(members, { session_token = true, expires_at = true })
  if not found then
    return failure.broken(SOURCE, "in its answer " .. message)
  end
  found.source = ("%s (role %s)"):format(SOURCE, role)
  return found
end

local function fetch_credentials(world)
  local base, err = find_endpoint(world)
  if not base then
    return nil, err
  end
  local role
  role, err = find_role(world, base)
  if not role then
    return nil, err
  end
  local response
  response, err = get_with_fresh_token(world, base, ROLES .. fetch.encode(role))
  if not response then
    return nil, err
  end
  return read_reply(response, role)
end

-- ---- static stability ----

-- When the metadata service is in trouble, so is whatever would refuse old
-- credentials: they are used on, and it is asked again in ten to fifteen
-- minutes.
local function extend(world, credentials)
  local extended = {}
  for name, value in pairs(credentials) do
    extended[name] = value
  end
  extended.expires_at = math.max(credentials.expires_at, world.now() + 600 + 300 * world.random())
  return extended
end

--- Asks the metadata service.
-- @tparam table world
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load(world)
  if world:flag "AWS_EC2_METADATA_DISABLED" then
    return failure.absent "AWS_EC2_METADATA_DISABLED is set"
  end
  local found, err = fetch_credentials(world)
  local last = found or world.memory.imds_credentials
  if not last then
    return nil, err
  end
  world.memory.imds_credentials = last
  if found and found.expires_at > world.now() then
    return found
  end
  return extend(world, last)
end

return M
