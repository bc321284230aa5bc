--- All that a chain of credentials touches outside itself: variables, files,
-- programs, the network, the clock. Each can be replaced, so that any case
-- can be replayed.
-- @module cognito.credentials.world

local c_locale = require "cognito.c_locale"
local check = require "cognito.check"
local environment = require "cognito.environment"
local native = require "cognito.native"
local profile = require "cognito.profile"
local runtimes = require "cognito.runtime"

local M = {}

--- What a chain may be given.
M.known = {
  env = "function",
  read_file = "function",
  write_file = "function",
  lock_file = "function",
  run = "function",
  runtime = "table",
  metadata_runtime = "table",
  now = "function",
  random = "function",
  mfa_code = "function",
  profile = "string",
  region = "string",
  use_fips = "boolean",
  use_dualstack = "boolean",
  allow_http = "boolean",
}

local function cannot_run()
  return nil, "programs cannot be run here, where nothing may wait for them (nginx); "
    .. "use static keys, a web identity, or the role of the container or instance"
end

local function cannot_write()
  return nil, "files are not written here"
end

-- Made when first needed: a chain that ends in a file needs no network.
local function lazily(given, settings)
  return function()
    given = given or runtimes.default(settings)
    return given
  end
end

local world = {}
local world_mt = { __index = world }

--- A variable's value without white space around it; nil when it is blank.
-- @tparam string name
-- @treturn ?string
function world:variable(name)
  local value = self.env(name)
  return value and value:match "^%s*(%S.-)%s*$"
end

--- Whether a variable says true.
-- @tparam string name
-- @treturn boolean
function world:flag(name)
  return c_locale.lower(self:variable(name) or "") == "true"
end

local function read_profiles(self)
  local places = profile.locate(self.env)
  local files = profile.load(places, self.read_file)
  files.config, files.credentials = places.config, places.credentials
  files.selected = self.profile or places.profile
  files.named_by = self.profile and "the program" or places.profile_is_set
  return files
end

--- The profile files, read once in each search.
-- @treturn table as from `cognito.profile.load`, with `selected` and
--   `named_by`, the name of the profile to use and where it was given (nil:
--   nowhere), and `config` and `credentials`, the two paths
function world:files()
  if not self.read_files then
    self.read_files = read_profiles(self)
  end
  return self.read_files
end

--- Forgets the files: another search reads them anew. Inside nginx, whose
-- workers must not wait for a disk and seldom may read what root may, they are
-- read once, when the client is made.
function world:start_over()
  if not runtimes.in_nginx then
    self.read_files = nil
  end
end

--- Whether somebody named a profile, in the program or in the environment.
-- @treturn boolean
function world:names_profile()
  return self.profile ~= nil or profile.locate(self.env).profile_is_set ~= nil
end

--- A setting of the selected profile; nil when it has none or is a section.
-- @tparam string key
-- @treturn ?string
function world:profile_setting(key)
  local files = self:files()
  local value = (files.profiles[files.selected] or {})[key]
  return type(value) == "string" and value ~= "" and value or nil
end

--- The region for calls to other services.
-- @treturn ?string
function world:find_region()
  return self.region or self:variable "AWS_REGION" or self:variable "AWS_DEFAULT_REGION"
    or self:profile_setting "region"
end

--- Completes what a chain was given.
-- @tparam table given see `M.known`
-- @tparam number level whom to blame for what is wrong, as in `error`
-- @treturn table world
-- @raise for an unknown or mistyped option
function M.new(given, level)
  check.entries(given, M.known, "option", level + 1)
  local self = setmetatable({
    env = given.env or environment(),
    read_file = given.read_file or native.read_file,
    write_file = given.write_file or native.write_private or cannot_write,
    lock_file = given.lock_file or native.lock or cannot_write,
    run = given.run or native.run or cannot_run,
    runtime = lazily(given.runtime, { allow_http = given.allow_http }),
    metadata_runtime = lazily(given.metadata_runtime, { allow_http = true, proxy = "" }),
    now = given.now or native.now or os.time,
    random = given.random or native.random,
    mfa_code = given.mfa_code,
    profile = given.profile,
    region = given.region,
    use_fips = given.use_fips,
    use_dualstack = given.use_dualstack,
    allow_http = given.allow_http,
    memory = {}, -- of sources, from one search to the next
  }, world_mt)
  if runtimes.in_nginx then
    self:files()
  end
  return self
end

return M
