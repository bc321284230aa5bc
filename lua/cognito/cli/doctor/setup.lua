--- What is set up on this machine: versions, settings, credentials, and where
-- each came from. Nothing is sent, but by the sources of credentials.
-- @module cognito.cli.doctor.setup

local client = require "cognito.cli.client"
local clients = require "cognito.client"
local endpoints = require "cognito.aws.endpoints"
local native = require "cognito.native"
local tables = require "cognito.tables"
local users = require "cognito.cli.users"
local version = require "cognito.version"

local M = {}

local function lua_version()
  return jit and jit.version or _VERSION
end

--- Says what runs here.
-- @tparam table report
function M.versions(report)
  local info = native.info()
  report:ok("version", ("lua-cognito %s on %s, libcurl %s with %s, %s"):format(version, lua_version(), info.libcurl,
    info.libcurl_ssl, info.openssl))
  local known = {}
  for i, fault in ipairs(info.libcurl_faults or {}) do
    known[i] = fault.what
  end
  if known[1] then
    report:ok("libcurl", ("what the library deals with in %s: it %s"):format(info.libcurl, table.concat(known, "; ")))
  end
end

-- Where a setting came from, in words.
local function origin(patient, name)
  local setting = patient.described.settings[name]
  local source = patient.sources[name] or setting and setting.source
  if source == "user_pool_id" then
    return "the pool's id"
  end
  return source == "default" and "the default" or source
end

local function value_of(patient, name)
  local setting = patient.described.settings[name]
  return setting and setting.value
end

local function check_pool_id(report, patient)
  local id = value_of(patient, "user_pool_id")
  if not id then
    report:note("pool", "no user pool is named: signed calls need one",
      "Give --user-pool-id, or set COGNITO_USER_POOL_ID")
  elseif not id:find "^[%w-]+_[%w]+$" then
    report:wrong("pool", ("%s, from %s, does not look like a pool's id"):format(id, origin(patient, "user_pool_id")),
      "An id is a region, an underline and letters, like eu-west-1_Ab12Cd34E")
  else
    report:ok("pool", ("%s, from %s"):format(id, origin(patient, "user_pool_id")))
  end
end

local function check_client_id(report, patient)
  local id = value_of(patient, "client_id")
  if id then
    report:ok("app client", ("%s, from %s"):format(id, origin(patient, "client_id")))
  else
    report:note("app client", "no app client is named: forgot-password and other public calls need one",
      "Give --client-id, or set COGNITO_CLIENT_ID")
  end
end

local function check_secret(report, patient)
  local given = patient.given.client_secret
  if given then
    report:ok("secret", ("%s, from %s"):format(type(given) == "table" and "two client secrets, the newest first"
      or "a client secret", origin(patient, "client_secret")))
  else
    report:note("secret", "no client secret: right for an app client that has none",
      "Otherwise set COGNITO_CLIENT_SECRET, or use --client-secret-fd")
  end
end

local function check_region(report, patient)
  local region = value_of(patient, "region")
  if region and not endpoints.is_region(region) then
    report:wrong("region", ("%s, from %s, does not look like a region"):format(region, origin(patient, "region")),
      "A region is letters, digits and hyphens, like eu-west-1")
  elseif region then
    report:ok("region", ("%s, from %s"):format(region, origin(patient, "region")))
  elseif value_of(patient, "endpoint") then
    report:note("region", "no region is known: signed calls need one", "Give --user-pool-id or --region")
  else
    report:wrong("region", "no region is known",
      "Give --user-pool-id, which begins with it, or --region, or set AWS_REGION")
  end
end

local function check_endpoint(report, patient)
  local problem, url = patient.described.problem, patient.described.url
  if problem and problem.code ~= "no_region" then
    report:wrong(problem.field == "max_attempts" and "setting" or "endpoint", problem.message,
      client.adapt(problem).hint)
  elseif url and value_of(patient, "endpoint") then
    report:note("endpoint", ("%s, from %s: not the service itself"):format(url, origin(patient, "endpoint")),
      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true ignores the endpoints of environment and profile")
  elseif url then
    report:ok("endpoint", url .. ", the region's own")
  end
end

local told_apart = {
  user_pool_id = true, client_id = true, client_secret = true, region = true, endpoint = true, mfa_code = true,
  role_cache = true,
}

-- Settings that were made, besides the usual ones.
local function check_others(report, patient)
  local function is_other(name, setting) return setting.source ~= "default" and not told_apart[name] end
  for _, name in ipairs(tables.sorted_keys(patient.described.settings, is_other)) do
    report:ok("setting", ("%s = %s, from %s"):format(name, tostring(value_of(patient, name)), origin(patient, name)))
  end
  for _, name in ipairs { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" } do
    if (patient.env(name) or "") ~= "" then
      report:note("setting", ("%s is set: calls go through that proxy"):format(name))
    end
  end
  for _, warning in ipairs(patient.described.warnings) do
    report:note("setting", warning)
  end
end

--- Says what is set, and where it was found.
-- @tparam table report
-- @tparam table patient
function M.settings(report, patient)
  check_pool_id(report, patient)
  check_region(report, patient)
  check_client_id(report, patient)
  check_secret(report, patient)
  check_endpoint(report, patient)
  check_others(report, patient)
end

-- Key ids are no secrets; the end of one is enough to know it by.
local function description(found)
  local words = ("key …%s, from %s"):format(found.access_key_id:sub(-4), found.source or "the program")
  if found.account_id then
    words = words .. ", account " .. found.account_id
  end
  return found.expires_at and ("%s, good until %s"):format(words, users.date(found.expires_at)) or words
end

--- Looks for credentials.
-- @tparam table report
-- @tparam table patient gets `has_credentials`
function M.credentials(report, patient)
  local found, err = clients.credentials(patient.pool)
  if found then
    patient.has_credentials = true
    report:ok("credentials", description(found))
  elseif err.hint then -- a source that is set up and does not work
    report:wrong("credentials", err.message, err.hint)
  else
    report:note("credentials", err.message, "Only signed calls need them (the admin ones, list-users): set"
      .. " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile that has them")
  end
end

return M
