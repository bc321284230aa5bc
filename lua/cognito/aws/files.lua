--- The shared configuration files of AWS tools: `~/.aws/config` and
-- `~/.aws/credentials`, as profiles.
--
-- Sections are named and merged as botocore does it, which the `aws` command
-- is made of.
-- @module cognito.aws.files

local ini = require "cognito.aws.ini"
local words = require "cognito.aws.words"
local tables = require "cognito.tables"

local M = {}

-- ---- sections ----

local kinds = { { "profile", "profiles" }, { "sso-session", "sso_sessions" }, { "services", "services" } }

-- The group and the name that a header stands for; nil for a section of
-- another program, and the kind of one of ours whose name is not one word.
-- Names are quoted as for a shell. Like botocore this looks only at how the
-- first of the two words begins.
local function read_header(header, is_credentials)
  if not header or header == ini.COMMON then
    return nil
  elseif is_credentials or header == "default" then
    return "profiles", header
  end
  for _, row in ipairs(kinds) do
    local kind, group = row[1], row[2]
    if header:sub(1, #kind) == kind then
      local split = words(header)
      if split and #split == 2 then
        return group, split[2]
      end
      return nil, header:find("^[ \t\"']", #kind + 1) and kind or nil
    end
  end
end

local function warn_of_header(file, section, group, kind)
  local message
  if section.header == ini.COMMON then
    message = ("the settings of [%s] are those of every section of this file, as for the aws command; "
      .. "the SDKs of other languages do not read them so"):format(ini.COMMON)
  elseif kind and not group then
    message = ('[%s] is no %s: quote its name, [%s "…"]'):format(section.header, kind, kind)
  elseif file.kind == "credentials" and section.header:find "^profile%s" then
    message = ("[%s] must be written without the word profile in this file"):format(section.header)
  end
  if message then
    file.warnings[#file.warnings + 1] = ("line %d of the %s file%s: %s"):format(section.line, file.kind,
      file.path and " " .. file.path or "", message)
  end
end

local TOKENS = { aws_session_token = true, aws_security_token = true }

-- A token belongs to keys of its section, or to none.
local function is_inherited(values, key)
  return values[key] == nil and (not TOKENS[key] or values.aws_access_key_id ~= nil)
end

local function inherit_from(common, section)
  if is_inherited(section.values, "aws_access_key_id") then
    section.values.aws_access_key_id = common.values.aws_access_key_id
    section.lines.aws_access_key_id = common.lines.aws_access_key_id
  end
  for key, value in pairs(common.values) do
    if is_inherited(section.values, key) then
      section.values[key], section.lines[key] = value, common.lines[key]
    end
  end
end

-- A section's own settings override those of all sections. A line that cannot be
-- read may hide a setting from any of them.
local function inherit(file)
  local common
  for _, section in ipairs(file.sections) do
    common = section.header == ini.COMMON and section or common
  end
  for _, section in ipairs(common and file.sections or {}) do
    section.fault = section.fault or common.fault
    inherit_from(common, section)
  end
end

local function read_file(text, kind, path)
  local is_credentials = kind == "credentials"
  local file = ini.parse(text or "", kind, path, function(header) return read_header(header, is_credentials) end)
  inherit(file)
  file.groups = { profiles = {}, sso_sessions = {}, services = {} }
  for _, section in ipairs(file.sections) do
    local group, name = read_header(section.header, is_credentials)
    warn_of_header(file, section, group, not group and name)
    if group then -- whole, as botocore does: [profile default] after [default], say
      file.groups[group][name] = section
    end
  end
  return file
end

-- ---- both files ----

local KEYS = { "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token",
  "aws_account_id" }

local function has(values, key)
  return values[key] ~= nil and values[key] ~= ""
end

local function is_pair(values)
  return has(values, "aws_access_key_id") and has(values, "aws_secret_access_key")
end

local function without_keys(values)
  local others = tables.copy(values)
  for _, key in ipairs(KEYS) do
    others[key] = nil
  end
  return others
end

-- Keys go together: a token or a secret of one file does not belong to a key of
-- the other. botocore looks for the key id, in the credentials file first.
local function joined(values, added)
  if added.aws_access_key_id then
    values = without_keys(values)
  elseif is_pair(values) then
    added = without_keys(added)
  end
  return tables.add(values, added)
end

local function merge(config, credentials)
  local merged = { faults = {}, has_keys = {} }
  for group, sections in pairs(config.groups) do
    merged[group], merged.faults[group] = {}, {}
    for name, section in pairs(sections) do
      merged[group][name], merged.faults[group][name] = section.values, section.fault
    end
  end
  local profiles, faults = merged.profiles, merged.faults.profiles
  for name, section in pairs(credentials.groups.profiles) do
    profiles[name] = joined(profiles[name] or {}, section.values)
    faults[name] = faults[name] or section.fault
    merged.has_keys[name] = has(section.values, "aws_access_key_id") or nil
  end
  return merged
end

-- Where settings stand, in words: the values of the credentials file count
-- over those of the other.
local function places_in(config, credentials)
  return function(name, key, group)
    for _, file in ipairs { credentials, config } do
      local section = file.groups[group or "profiles"][name]
      local line = section and section.lines[key]
      if line then
        return ("line %d of the %s file%s"):format(line, file.kind, file.path and " " .. file.path or "")
      end
    end
  end
end

local function join(first, second)
  local all = {}
  for _, list in ipairs { first, second } do
    for _, item in ipairs(list) do
      all[#all + 1] = item
    end
  end
  return all
end

--- Reads the two files' texts.
--
-- Of a setting that stands more than once the last one counts, and what the
-- credentials file says counts over the config file. Keys are in lower case;
-- a value with indented lines of its own is a table of them, or the lines
-- joined by line breaks.
-- @tparam ?string config_text
-- @tparam ?string credentials_text nil stands for a file that is not there
-- @tparam[opt] table places their paths, for messages: `config`, `credentials`
-- @treturn table `{ profiles, sso_sessions, services }`, each from name to
--   settings; `faults`, each of these from name to a sentence where a section
--   cannot be read whole; `fault`, a sentence, where a file cannot;
--   `warnings`, a list of sentences, faults among them; `place_of`, a function
--   that says in words where a setting stands: it takes the names of a profile,
--   or of a section of the third argument's group, and of a key; `has_keys`, a set of
--   the profiles that have keys in the credentials file. No sentence shows a
--   value of the files.
function M.parse(config_text, credentials_text, places)
  places = places or {}
  local config = read_file(config_text, "config", places.config)
  local credentials = read_file(credentials_text, "credentials", places.credentials)
  local merged = merge(config, credentials)
  merged.place_of = places_in(config, credentials)
  merged.fault = config.fault or credentials.fault
  merged.warnings = join(config.warnings, credentials.warnings)
  return merged
end

--- Whether a profile has a role that keys assume.
-- @tparam table settings of the profile
-- @treturn boolean
function M.has_role(settings)
  return has(settings, "role_arn") and not has(settings, "web_identity_token_file")
end

-- ---- where they are ----

-- Names and paths count as they are, as for the aws command.
local function value_of(env, name)
  local value = env(name)
  return value and value:find "%S" and value or nil
end

local function home_of(env)
  local home = value_of(env, "HOME") or value_of(env, "USERPROFILE")
  local drive, path = value_of(env, "HOMEDRIVE"), value_of(env, "HOMEPATH")
  return home or (drive and path and drive .. path)
end

local function expand(path, home)
  local rest = path:match "^~[/\\](.*)$"
  return rest and home and home .. "/" .. rest or path
end

--- Where the files are, and which profile is meant.
-- @tparam function env like `os.getenv`
-- @treturn table `{ config, credentials, profile }`: two paths, nil where
--   there is no home to look in, and the profile's name, with
--   `profile_is_set`, the variable that names it, where one does
function M.locate(env)
  local home = home_of(env)
  local function path(variable, name)
    local given = value_of(env, variable)
    if given then
      return expand(given, home)
    end
    return home and home .. "/.aws/" .. name
  end
  local variable = value_of(env, "AWS_DEFAULT_PROFILE") and "AWS_DEFAULT_PROFILE" or "AWS_PROFILE"
  local profile = value_of(env, variable)
  return {
    config = path("AWS_CONFIG_FILE", "config"),
    credentials = path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    profile = profile or "default",
    profile_is_set = profile and variable or nil,
  }
end

-- ---- reading ----

-- A file that is not there counts as empty: most machines have only one of
-- the two. So does one that cannot be opened, as for the aws command, with a
-- warning. One that is refused for what it is was meant, and is not passed over.
local function read_text(path, kind, read)
  if not path then
    return nil, { absent = "no home folder" }
  end
  local text, message, is_refused, is_there = read(path)
  if is_refused then
    return nil, { refused = ("the %s file %s: %s"):format(kind, path, message) }
  end
  return text, {
    absent = not text and ("%s (%s)"):format(path, message or "not there") or nil,
    warning = is_there and ("the %s file %s cannot be read (%s): its settings are missing"):format(kind, path, message)
      or nil,
  }
end

--- Reads the two files.
-- @tparam table places as from `locate`
-- @tparam function read like `core.read_file`
-- @treturn table as from `parse`, and `unread`: a list of what could not be
--   read, in words
function M.load(places, read)
  local texts, unread, refusal, warnings = {}, {}, nil, {}
  for _, kind in ipairs { "config", "credentials" } do
    local trouble
    texts[kind], trouble = read_text(places[kind], kind, read)
    unread[#unread + 1], refusal = trouble.absent, refusal or trouble.refused
    warnings[#warnings + 1] = trouble.refused or trouble.warning
  end
  local parsed = M.parse(texts.config, texts.credentials, places)
  parsed.unread, parsed.fault = unread, refusal or parsed.fault
  parsed.warnings = join(warnings, parsed.warnings)
  return parsed
end

--- Finds and reads the two files, and says which profile is meant.
-- @tparam function env like `os.getenv`
-- @tparam function read like `core.read_file`
-- @tparam ?string name of the profile, where the program gives one
-- @treturn table as from `load`, with `selected` and `named_by`, the name of the
--   profile to use and where it was given (nil: nowhere), and `config` and
--   `credentials`, the two paths
function M.open(env, read, name)
  local places = M.locate(env)
  local opened = M.load(places, read)
  opened.config, opened.credentials = places.config, places.credentials
  opened.selected = name or places.profile
  opened.named_by = name and "the program" or places.profile_is_set
  return opened
end

--- The profile that is meant.
-- @tparam table opened as from `open`
-- @treturn table `name`, `values` (empty where it does not exist), `services` by
--   section name, and `place_of`, a function that says in words where a key
--   stands, and of a second argument where a section of services has it
function M.selected(opened)
  local name = opened.selected
  return {
    name = name, values = opened.profiles[name] or {}, services = opened.services,
    place_of = function(key, section)
      return opened.place_of(section or name, key, section and "services")
    end,
  }
end

return M
