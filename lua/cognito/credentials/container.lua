--- Credentials from ECS, EKS, and others that speak the same protocol.
-- @module cognito.credentials.container

local document = require "cognito.credentials.document"
local failure = require "cognito.credentials.failure"
local fetch = require "cognito.credentials.fetch"
local metrics = require "cognito.credentials.metrics"
local native = require "cognito.native"

local M = {}

local SOURCE = "the container"
local RELATIVE, FULL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
local TOKEN, TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
local ECS = "http://169.254.170.2"
local LARGEST_TOKEN = 16384 -- bytes
local ATTEMPTS = 3
local TIMEOUT, CONNECT_TIMEOUT = 5, 2 -- seconds

-- ---- where ----

-- Of ECS, of EKS, and of EKS over IPv6.
local allowed_hosts = {
  localhost = true, ["169.254.170.2"] = true, ["169.254.170.23"] = true, ["[fd00:ec2::23]"] = true,
}

-- Over plain http another host could answer for an address, and for a name any
-- host could: the answer is trusted, and the token goes there. Returns the URL, and
-- whether it is an address that no proxy may come before.
local function check_full(url)
  local read = native.read_url(url)
  if not read then
    return failure.broken(SOURCE, FULL .. " is not an http or https URL, or has a user in it")
  end
  local is_near = read.is_loopback or allowed_hosts[read.host]
  if read.scheme == "https" or is_near then
    return url, is_near
  end
  return failure.broken(SOURCE, ("%s leads to %s, which is not allowed over plain http"):format(FULL,
    url:match "://([^/?]*)"),
    "Use https, or an address of this machine, of ECS (169.254.170.2) or of EKS (169.254.170.23)")
end

local function find_url(world)
  local relative, full = world:variable(RELATIVE), world:variable(FULL)
  if relative then
    if relative:sub(1, 1) ~= "/" or not native.read_url(ECS .. relative) then
      return failure.broken(SOURCE, RELATIVE .. " must be a path in plain ASCII that begins with a slash")
    end
    return ECS .. relative, true
  elseif full then
    return check_full(full)
  end
  return failure.absent(("neither %s nor %s is set"):format(RELATIVE, FULL))
end

-- ---- with which token ----

-- The file is read each time: its writer replaces it.
local function find_token(world)
  local path = world:variable(TOKEN_FILE)
  local token, message, name
  if path then
    name = ("the token file %s"):format(path)
    token, message = world.read_file(path)
    if not token then
      return failure.broken(SOURCE, ("%s cannot be read: %s"):format(name, message))
    end
  else
    name, token = TOKEN, world.env(TOKEN)
    if not token or not token:find "%S" then
      return ""
    end
  end
  if token:find "[\r\n]" then
    return failure.broken(SOURCE, name .. " holds a line break, which no header can carry",
      "Write the token without a line break at its end")
  elseif token == "" or token:find "[^ -~]" or #token > LARGEST_TOKEN then
    return failure.broken(SOURCE, name .. " holds no token")
  end
  return token
end

-- ---- what comes back ----

local function again(response)
  return not response or response.status >= 500
    or (response.status == 200 and not document.read(response.body or ""))
end

local function read_reply(response)
  local members = document.read(response.body or "")
  if response.status ~= 200 then
    local code = members and members.code
    return failure.broken(SOURCE, ("its endpoint answered %d%s"):format(response.status,
      code ~= nil and " " .. failure.code(code) or ""), "See whether the task or pod has a role")
  elseif not members then
    return failure.broken(SOURCE, "its endpoint's reply is no JSON object")
  elseif members.code ~= nil and members.code ~= "Success" then
    return failure.broken(SOURCE, "its endpoint answered " .. failure.code(members.code))
  end
  local found, message = document.credentials(members, { session_token = true, expires_at = true })
  if not found then
    return failure.broken(SOURCE, "in its endpoint's answer " .. message)
  end
  found.source = SOURCE
  return metrics.add(found, "container")
end

--- Asks the container's endpoint.
-- @tparam table world
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load(world)
  local url, near = find_url(world)
  if not url then
    return nil, near
  end
  local token, err = find_token(world)
  if not token then
    return nil, err
  end
  local headers = { { "Accept", "application/json" } }
  if token ~= "" then
    headers[2] = { "Authorization", token }
  end
  local response, message, cause = fetch.send(world, {
    runtime = near and world:metadata_runtime() or world:runtime(), direct = near,
    request = { method = "GET", url = url, headers = headers },
    timeout = TIMEOUT, connect_timeout = CONNECT_TIMEOUT, attempts = ATTEMPTS, again = again,
  })
  if not response then
    return fetch.failed(SOURCE, "its endpoint does not answer: " .. message, cause)
  end
  return read_reply(response)
end

return M
