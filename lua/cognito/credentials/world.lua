--- All that a chain of credentials touches outside itself: variables, files,
-- programs, the network, the clock. Each can be replaced, so that any case
-- can be replayed.
-- @module cognito.credentials.world

local check = require "cognito.check"
local complete = require "cognito.runtime.complete"
local configuration = require "cognito.aws.config"
local native = require "cognito.native"
local passed_on = require "cognito.credentials.passed_on"
local place = require "cognito.place"
local files = require "cognito.aws.files"
local runtimes = require "cognito.runtime"
local settings_of_clients = require "cognito.settings"

local M = {}

--- What a chain may be given: what counts of a client's settings, and what it
-- touches the world with.
M.known = {
  write_file = "function",
  lock_file = "function",
  run = "function",
  runtime = "table",
  metadata_runtime = "table",
}
for _, names in ipairs { passed_on.to_chain, passed_on.to_look_ups } do
  for _, name in ipairs(names) do
    M.known[name] = settings_of_clients.known[name]
  end
end
M.known.max_response = nil -- the client's alone

local function cannot_run()
  return nil, "programs cannot be run here, where nothing may wait for them (nginx); "
    .. "use static keys, a web identity, or the role of the container or instance"
end

local function cannot_write()
  return nil, "files are not written here"
end

local world = {}
local world_mt = { __index = world }

--- A variable's value without white space around it; nil when it is blank.
-- @tparam string name
-- @treturn ?string
function world:variable(name)
  return configuration.variable(self.env, name)
end

--- Whether a variable says true.
-- @tparam string name
-- @treturn boolean
function world:flag(name)
  return configuration.is_true(self:variable(name))
end

--- The profile files, read once in each search.
-- @treturn table as from `cognito.aws.files.open`
function world:files()
  if not self.read_files then
    self.read_files = files.open(self.env, self.read_file, self.profile)
  end
  return self.read_files
end

--- Whether a profile is named, by the program or a variable.
-- @treturn boolean
function world:names_profile()
  return self.profile ~= nil or files.locate(self.env).profile_is_set ~= nil
end

--- A setting of the selected profile; nil when it has none or is a section.
-- @tparam string key
-- @treturn ?string
function world:profile_setting(key)
  local value = files.selected(self:files()).values[key]
  return type(value) == "string" and value ~= "" and value or nil
end

--- Where a setting of the selected profile stands.
-- @tparam string key
-- @treturn string in words, with file and line
function world:origin(key)
  local profile = files.selected(self:files())
  return configuration.origin_in_profile(key, profile.name, profile.place_of(key))
end

-- ---- for whose call ----

local none = {}

--- What of a client's settings counts in the look-ups for its calls, where the
-- chain has none of its own.
-- @tparam table settings of the client, completed
-- @tparam ?table sources of these settings
-- @treturn table for `search`
function M.lend(settings, sources)
  local lent = { runtime = settings.runtime }
  for _, name in ipairs(passed_on.to_look_ups) do
    if (sources or none)[name] ~= "default" then
      lent[name] = settings[name]
    end
  end
  return lent
end

local function chosen(self, name)
  if self.given[name] ~= nil then
    return self.given[name]
  end
  return self.client[name]
end

--- This world for one search: the files are read again, or once for all, when
-- the client is made, where nothing may wait for a disk later.
-- @tparam ?table client what the client lends for whose call the search is
-- @tparam ?string refused the id of a key that the service has refused
-- @treturn table world
function world:search(client, refused)
  local one = setmetatable({ client = client or none, refused = refused }, { __index = self })
  one.mfa_code, one.role_cache = chosen(one, "mfa_code"), chosen(one, "role_cache")
  return one
end

--- The settings for calls to other services: the chain's own, the client's,
-- the environment's, the profile's.
-- @treturn table `region`, `use_fips`, `use_dualstack`, `ca_file`,
--   `allow_http`; and `problems`, by setting an error where one cannot be read
function world:settings()
  if not self.completed then
    local given = {}
    for _, name in ipairs(passed_on.to_look_ups) do
      given[name] = chosen(self, name)
    end
    local found, _, problems = configuration.find(given, self.env, files.selected(self:files()))
    found.allow_http, found.problems = given.allow_http, problems
    self.completed = found
  end
  return self.completed
end

--- The endpoint that is configured for another service.
-- @tparam string id as AWS_ENDPOINT_URL_… has it
-- @treturn ?string URL
-- @treturn ?string where it was found, with file and line
function world:endpoint(id)
  local url, _, origin = configuration.endpoint(id, self.env, files.selected(self:files()))
  return url, origin
end

-- ---- the network ----

-- The first that names certificates to trust names all of them.
local function trust(self)
  for _, who in ipairs { self.given, self.client } do
    if who.ca_file or who.ca_path then
      return who.ca_file, who.ca_path
    end
  end
  local settings = self:settings()
  return settings.problems.ca_file and "/dev/null" or settings.ca_file -- an unreadable bundle vouches for no host
end

local function own_runtime(self)
  local ca_file, ca_path = trust(self)
  return place.runtime {
    allow_http = chosen(self, "allow_http"), ca_file = ca_file, ca_path = ca_path, proxy = chosen(self, "proxy"),
    max_response = self.client.max_response,
  }
end

-- The client's runtime has connection settings of its own.
local function lent_runtime(self, client)
  local given = self.given
  return not (given.ca_file or given.ca_path or given.proxy) and client and client.runtime or nil
end

--- What sends: the chain's own runtime, the client's, or one with the settings
-- of both. Made when first needed: a chain that ends in a file needs no
-- network.
-- @treturn table runtime
function world:runtime()
  if not self.sender then
    self.sender = self.given_runtime or lent_runtime(self, self.client) or own_runtime(self)
  end
  return self.sender
end

--- What asks the container and the instance, see `cognito.credentials.fetch`.
-- @treturn table runtime
function world:metadata_runtime()
  return self.given_metadata_runtime or self:runtime()
end

--- The runtime through which one waits for a search.
-- @tparam ?table client what the client lends for whose call the search is
-- @treturn table runtime
function world:waiting(client)
  return self.given_runtime or lent_runtime(self, client) or place.runtime {}
end

--- Completes what a chain was given.
-- @tparam table given see `M.known`
-- @tparam number level whom to blame for what is wrong, as in `error`
-- @treturn table world
-- @raise for an unknown or mistyped option
function M.new(given, level)
  check.entries(given, M.known, "option", level + 1)
  runtimes.check(given, level + 1)
  local self = setmetatable({
    given = given,
    given_runtime = given.runtime and complete(given.runtime, given.now, level + 1),
    given_metadata_runtime = given.metadata_runtime and complete(given.metadata_runtime, given.now, level + 1),
    client = none,
    env = given.env or place.environment(),
    read_file = given.read_file or native.read_file,
    write_file = given.write_file or native.write_private or cannot_write,
    lock_file = given.lock_file or native.lock or cannot_write,
    run = given.run or native.run or cannot_run,
    now = given.now or native.now or os.time,
    random = given.random or native.random,
    profile = given.profile,
    memory = {}, -- of sources, from one search to the next
  }, world_mt)
  if place.is_eager then
    self:files()
  end
  return self
end

return M
