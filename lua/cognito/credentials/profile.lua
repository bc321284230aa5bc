--- What the selected profile says, in botocore's order.
--
-- A profile with a role names what the role is assumed with: another profile,
-- which may be of the same kind, or a source outside. So there is a chain of
-- roles, and at its end something that has credentials of its own.
-- @module cognito.credentials.profile

local c_locale = require "cognito.c_locale"
local container = require "cognito.credentials.container"
local environment = require "cognito.credentials.environment"
local failure = require "cognito.credentials.failure"
local imds = require "cognito.credentials.imds"
local login = require "cognito.credentials.login"
local metrics = require "cognito.credentials.metrics"
local native = require "cognito.native"
local profiles = require "cognito.aws.files"
local process = require "cognito.credentials.process"
local role = require "cognito.credentials.role"
local role_cache = require "cognito.credentials.role_cache"
local sso = require "cognito.credentials.sso"
local tables = require "cognito.tables"
local web_identity = require "cognito.credentials.web_identity"

local M = {}

local function name_of(profile)
  return ("profile '%s'"):format(profile.name)
end

-- An empty value is no value, and one with settings below it is none of ours.
-- For botocore an empty aws_security_token is one, and says that there is none.
local function find_profile(files, name)
  local section = files.profiles[name]
  if not section then
    return nil
  elseif files.faults.profiles[name] then
    return failure.broken(("profile '%s'"):format(name), files.faults.profiles[name])
  end
  local settings = {}
  for key, value in pairs(section) do
    settings[key] = type(value) == "string" and value ~= "" and value or nil
  end
  if section.aws_security_token == "" then
    settings.aws_session_token = nil
  end
  return { name = name, settings = settings }
end

local function unread_files(files)
  return files.unread[1] and "; not read: " .. table.concat(files.unread, ", ") or ""
end

-- A named profile is the only one meant: no other credentials replace its own.
local function missing(files, source, message, name)
  local nearest = native.nearest(name, tables.sorted_keys(files.profiles))
  return failure.broken(source, message .. unread_files(files), nearest and ("Did you mean '%s'?"):format(nearest)
    or ("Add the section [profile %s] to %s, or name another (aws configure list-profiles)")
      :format(name, files.config or "~/.aws/config"))
end

-- ---- what has credentials of its own ----

local outside = { environment = environment, ecscontainer = container, ec2instancemetadata = imds }

local function from_outside(world, profile)
  local wanted = profile.settings.credential_source
  local source = outside[c_locale.lower(wanted)]
  if not source then
    return failure.broken(name_of(profile), ("its credential_source is unknown (%s)")
      :format(world:files().place_of(profile.name, "credential_source")),
      "It must be Environment, EcsContainer or Ec2InstanceMetadata")
  end
  local found, err = source.load(world)
  if not found and err.absent then
    return failure.broken(name_of(profile), ("its credential_source %s has none: %s"):format(wanted, err.message),
      err.hint)
  end
  return metrics.add(found, "named_source"), err
end

-- Variables complete the selected profile, and count before it.
local function from_web_identity(world, profile)
  local settings = profile.settings
  local function setting(variable, key)
    local is_selected = not world.profile and profile.name == world:files().selected
    return is_selected and world:variable(variable) or settings[key]
  end
  local arn = setting("AWS_ROLE_ARN", "role_arn")
  if not arn then
    return failure.broken(name_of(profile), "it has web_identity_token_file, but no role_arn")
  end
  local found, err = web_identity.assume(world, ("%s (web identity, role %s)"):format(name_of(profile), arn),
    settings.web_identity_token_file,
    { arn = arn, session_name = setting("AWS_ROLE_SESSION_NAME", "role_session_name") })
  return metrics.add(found, "profile_web_identity", "web_identity"), err
end

local function from_process(world, profile)
  local found, err = process.load(world, profile.name, profile.settings.credential_process)
  if found then
    found.account_id = found.account_id or profile.settings.aws_account_id
  end
  return found, err
end

local function has_static_keys(settings)
  return settings.aws_access_key_id or settings.aws_secret_access_key or settings.aws_session_token
    or settings.aws_security_token
end

local function from_static_keys(profile)
  local settings = profile.settings
  if not has_static_keys(settings) then
    return failure.absent(name_of(profile) .. " holds no credentials")
  end
  for _, key in ipairs { "aws_access_key_id", "aws_secret_access_key" } do
    if not settings[key] then
      return failure.broken(name_of(profile), key .. " is missing",
        "Set aws_access_key_id and aws_secret_access_key, or neither")
    end
  end
  return metrics.add({
    access_key_id = settings.aws_access_key_id,
    secret_access_key = settings.aws_secret_access_key,
    session_token = settings.aws_security_token or settings.aws_session_token, -- in botocore's order
    account_id = settings.aws_account_id,
    source = name_of(profile),
  }, "profile")
end

-- Keys of the credentials file count before the others, keys of the config file
-- after them.
local function from_keys(world, files, profile)
  if files.has_keys[profile.name] then
    return from_static_keys(profile)
  elseif profile.settings.login_session then
    return login.load(world, profile.name, profile.settings)
  elseif profile.settings.credential_process then
    return from_process(world, profile)
  end
  return from_static_keys(profile)
end

-- An SSO session may serve other tools alone, beside keys of the profile.
local function from_sso_or_keys(world, files, profile)
  local found, err = sso.load(world, files, profile.name, profile.settings)
  if found or not err.absent then
    return found, err
  end
  local others, fault = from_keys(world, files, profile)
  return others, fault and fault.absent and err or fault
end

local function from_base(world, files, profile)
  local settings = profile.settings
  if settings.credential_source then
    return from_outside(world, profile)
  elseif settings.web_identity_token_file then
    return from_web_identity(world, profile)
  elseif sso.is_configured(settings) then
    return from_sso_or_keys(world, files, profile)
  end
  return from_keys(world, files, profile)
end

-- ---- the chain of roles ----

-- A token is exchanged for its role directly: that is no link of a chain.
local function is_link(profile)
  return profiles.has_role(profile.settings)
end

-- The roles from the selected profile downwards, and the profile at the end.
local function follow(world, files, profile)
  local links, seen = {}, {}
  while true do
    if seen[profile.name] then
      return failure.broken(name_of(links[1]), ("its roles form a loop: source_profile leads back to '%s'")
        :format(profile.name))
    end
    seen[profile.name] = true
    local is_source = links[1] ~= nil
    if not is_link(profile) or (is_source and has_static_keys(profile.settings)) then
      return links, profile
    end
    local message, hint = role.fault(world, files, profile)
    if message then
      return failure.broken(name_of(profile), message, hint)
    end
    links[#links + 1] = profile
    local next_name = profile.settings.source_profile
    if not next_name or next_name == profile.name then
      return links, profile
    end
    local source, fault = find_profile(files, next_name)
    if fault then
      return nil, fault
    elseif not source then
      return missing(files, name_of(profile), ("its source_profile '%s' does not exist"):format(next_name), next_name)
    end
    profile = source
  end
end

local function load_base(world, files, links, base)
  if links[1] and base ~= links[#links] and has_static_keys(base.settings) then
    return from_static_keys(base)
  end
  local found, err = from_base(world, files, base)
  if not found and err.absent and links[1] then
    return failure.broken(name_of(links[#links]), "its source has no credentials: " .. err.message, err.hint)
  end
  return found, err
end

-- The nearest session in a chain of roles that is kept: what it was assumed with
-- is not asked for. Returns it, and how many roles are left.
local function find_kept(world, links)
  for i, link in ipairs(links) do
    local found = role_cache.find(world, link)
    if found then
      return found, i - 1
    end
  end
end

-- Most machines have no default profile.
local function not_found(files)
  local name = files.selected
  if files.named_by then
    return missing(files, ("profile '%s'"):format(name), ("%s names it, and it does not exist"):format(files.named_by),
      name)
  end
  return failure.absent(("there is no profile '%s'%s"):format(name, unread_files(files)))
end

--- Asks the selected profile, which is the one that the program or
-- a variable names, else "default". One that is named must exist.
-- @tparam table world
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load(world)
  local files = world:files()
  if files.fault then
    return failure.broken("the profile files", files.fault)
  end
  local profile, fault = find_profile(files, files.selected)
  if fault then
    return nil, fault
  elseif not profile then
    return not_found(files)
  end
  local links, base = follow(world, files, profile)
  if not links then
    return nil, base
  end
  local found, left = find_kept(world, links)
  local err
  if not found then
    left, found, err = #links, load_base(world, files, links, base)
  end
  for i = left, 1, -1 do
    if not found then
      break
    end
    found, err = role.assume(world, links[i], found)
  end
  return found, err
end

--- Asks the selected profile if it has a role to assume.
-- @tparam table world
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load_role(world)
  local files = world:files()
  local name = files.selected
  if files.fault or files.faults.profiles[name] or not profiles.has_role(files.profiles[name] or {}) then
    return failure.absent()
  end
  return M.load(world)
end

--- Sees to it that a profile which a variable names is there, whatever else has
-- credentials.
-- @tparam table world
-- @treturn nil
-- @treturn table error
function M.check_named(world)
  if not world:names_profile() then
    return failure.absent() -- without a look at the files
  end
  local files = world:files()
  if files.fault or files.profiles[files.selected] then
    return failure.absent()
  end
  return not_found(files)
end

return M
