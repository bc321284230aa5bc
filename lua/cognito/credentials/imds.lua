--- The role of an EC2 instance, from its metadata service: version 2 of the
-- protocol, where a token is asked for first; version 1 never.
-- @module cognito.credentials.imds

local c_locale = require "cognito.c_locale"
local document = require "cognito.credentials.document"
local failure = require "cognito.credentials.failure"
local fetch = require "cognito.credentials.fetch"
local metrics = require "cognito.credentials.metrics"
local native = require "cognito.native"
local tables = require "cognito.tables"

local M = {}

local SOURCE = "instance metadata"
local EXTENDED = "/latest/meta-data/iam/security-credentials-extended/" -- tells the account as well
local LEGACY = "/latest/meta-data/iam/security-credentials/"
local TTL = 21600 -- seconds that a token is asked for
local TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds"
local EARLY = 120 -- seconds before its end at which a token is replaced
local ATTEMPTS = 4 -- where it is in trouble
local TIMEOUT = 1 -- seconds; the service is next door or not there

local MEND = "Correct or remove it"

local endpoints = { ipv4 = "http://169.254.169.254", ipv6 = "http://[fd00:ec2::254]" }

-- What is set, and where.
local function setting(world, variable, key)
  local given = world:variable(variable)
  if given then
    return given, variable
  end
  return world:profile_setting(key), world:origin(key)
end

local function find_endpoint(world)
  local own, origin = setting(world, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")
  if own then
    local read = native.read_url(own)
    if not read or read.query ~= "" then
      return failure.broken(SOURCE, origin .. " is not an http or https URL, or has a user or a query in it", MEND)
    end
    return (own:gsub("/+$", ""))
  end
  local mode
  mode, origin = setting(world, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
  local found = endpoints[c_locale.lower(mode or "IPv4")]
  if not found then
    return failure.broken(SOURCE, origin .. " must be IPv4 or IPv6", MEND)
  end
  return found
end

-- A number that may be set; nil: it is not. Or nil and an error.
local function find_number(world, variable, key, pattern, wanted)
  local text, origin = setting(world, variable, key)
  local value = text and text:find(pattern) and c_locale.tonumber(text)
  if text and not (value and value > 0 and value <= 3600) then
    return failure.broken(SOURCE, ("%s must be %s"):format(origin, wanted), MEND)
  end
  return value or nil
end

-- How often and how long it is asked. No answer at all is not tried again
-- unless a number is set: elsewhere than on EC2 there is none.
local function find_patience(world)
  local timeout, err = find_number(world, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout",
    "^%d*%.?%d*$", "a number of seconds above 0")
  if err then
    return nil, err
  end
  local attempts
  attempts, err = find_number(world, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", "^%d+$",
    "a whole number above 0")
  return not err and { timeout = timeout or TIMEOUT, attempts = attempts or ATTEMPTS, is_set = attempts ~= nil }, err
end

local function send(world, at, request)
  return fetch.send(world, {
    runtime = world:metadata_runtime(), direct = true, request = request,
    timeout = at.timeout, connect_timeout = at.timeout, attempts = at.attempts,
    again = function(response)
      if response then
        return response.status >= 500
      end
      return at.is_set
    end,
  })
end

-- ---- the token ----

local HOPS = "In a container: the hop limit of the instance's metadata options must be 2, or the answer is dropped on "
  .. "its way (aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2). Where this is no EC2 "
  .. "instance, set AWS_EC2_METADATA_DISABLED=true"

-- A request that has left, and gets no answer, has met a server.
local function no_token(at, message, cause)
  if cause and cause.code == "timeout" and cause.sent ~= false then
    return failure.absent(("%s: %s takes requests, but no answer comes back (%s)"):format(SOURCE, at.base, message),
      HOPS)
  end
  return failure.absent(("%s: nothing answers at %s (%s)"):format(SOURCE, at.base, message))
end

local function fetch_token(world, at)
  local response, message, cause = send(world, at, {
    method = "PUT", url = at.base .. "/latest/api/token", headers = { { TTL_HEADER, tostring(TTL) } }, body = "",
  })
  if not response then
    return no_token(at, message, cause)
  elseif response.status ~= 200 then
    return failure.broken(SOURCE, ("asked for a token, it answered %d"):format(response.status),
      "See whether the instance's metadata options allow it")
  end
  local value = response.body or ""
  if value == "" or not native.is_visible(value) then
    return failure.broken(SOURCE, "asked for a token, it answered none")
  end
  local lifetime = tonumber((response.headers or {})[TTL_HEADER]) or TTL
  return { value = value, renew_at = world.now() + lifetime - EARLY }
end

local function find_token(world, at)
  local token = world.memory.imds_token
  if token and world.now() < token.renew_at then
    return token.value
  end
  local err
  token, err = fetch_token(world, at)
  world.memory.imds_token = token
  return token and token.value, err
end

-- ---- what it guards ----

local function get(world, at, path)
  local token, err = find_token(world, at)
  if not token then
    return nil, err
  end
  local response, message = send(world, at, {
    method = "GET", url = at.base .. path, headers = { { "x-aws-ec2-metadata-token", token } },
  })
  if not response then
    return failure.temporary(SOURCE, "it stopped answering: " .. message)
  end
  return response
end

-- A token may end before its time, when the service restarts.
local function get_with_fresh_token(world, at, path)
  local response, err = get(world, at, path)
  if response and response.status == 401 then
    world.memory.imds_token = nil
    response, err = get(world, at, path)
  end
  return response, err
end

-- Below the newer path, and where that is not served below the older one: what
-- answers is remembered.
local function get_role_path(world, at, name)
  local known = world.memory.imds_path
  local path = known or EXTENDED
  local response, err = get_with_fresh_token(world, at, path .. name)
  local is_refused = response and response.status >= 400 and response.status < 500 and response.status ~= 401
  if is_refused and not known then
    path = LEGACY
    response, err = get_with_fresh_token(world, at, path .. name)
  end
  if response and response.status == 200 then
    world.memory.imds_path = path
  end
  return response, err
end

local NAME = "^[ \t\r\n]*([A-Za-z0-9+=,.@_-]+)[ \t\r\n]*$"

local function find_role(world, at)
  local named = setting(world, "AWS_EC2_INSTANCE_PROFILE_NAME", "ec2_instance_profile_name")
  if named then
    if named:find(NAME) then
      return named
    end
    return failure.broken(SOURCE, "AWS_EC2_INSTANCE_PROFILE_NAME or ec2_instance_profile_name is no name of a role")
  end
  local response, err = get_role_path(world, at, "")
  if not response then
    return nil, err
  elseif response.status == 404 then
    return failure.absent(SOURCE .. ": the instance has no role")
  elseif response.status ~= 200 then
    return failure.broken(SOURCE, ("asked for the role's name, it answered %d"):format(response.status))
  end
  local role = (response.body or ""):match(NAME)
  if not role then
    return failure.broken(SOURCE, "asked for the role's name, it answered none")
  end
  return role
end

local function read_reply(response, role)
  local members = response.status == 200 and document.read(response.body or "")
  local what = ("asked for the credentials of %s, it answered "):format(role)
  if response.status ~= 200 then
    return failure.broken(SOURCE, what .. response.status, "See whether the instance has this role")
  elseif not members then
    return failure.broken(SOURCE, what .. "something else than a JSON object")
  elseif members.code ~= nil and members.code ~= "Success" then
    return failure.broken(SOURCE, what .. failure.code(members.code),
      members.code == "AssumeRoleUnauthorizedAccess" and "See whether the role's trust policy names EC2" or nil)
  end
  local found, message = document.credentials(members, { session_token = true, expires_at = true })
  if not found then
    return failure.broken(SOURCE, "in its answer " .. message)
  end
  found.source = ("%s (role %s)"):format(SOURCE, role)
  return metrics.add(found, "instance")
end

local function fetch_credentials(world)
  local at, err = find_patience(world)
  if not at then
    return nil, err
  end
  at.base, err = find_endpoint(world)
  if not at.base then
    return nil, err
  end
  local role
  role, err = find_role(world, at)
  if not role then
    return nil, err
  end
  local response
  response, err = get_role_path(world, at, fetch.encode(role))
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
  local extended = tables.copy(credentials)
  extended.expires_at = math.max(credentials.expires_at, world.now() + 600 + 300 * world.random())
  return metrics.inherit(extended, credentials)
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
