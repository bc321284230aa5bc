--- The shared configuration files of AWS tools: `~/.aws/config` and
-- `~/.aws/credentials`, as profiles.
--
-- Text in, tables out: who reads the files decides which they are. The
-- grammar is that of the AWS SDKs and Tools reference, "Format of the config
-- file", with the corner cases decided as the AWS SDK for Rust decides them.
-- @module cognito.profile

local c_locale = require "cognito.c_locale"

local M = {}

local LARGEST = 1024 * 1024 -- bytes; a larger file is another file

-- Of names and keys; whatever has others in it is passed over.
local VALID = "^[%w_%-/%.%%@:%+]+$"

local function trim(text)
  return text:match "^[ \t]*(.-)[ \t]*$"
end

-- ---- one file ----

local kinds = { default = true, profile = true, ["sso-session"] = true, services = true }

-- A section's header, without its comment: kind and name, or nil and what is
-- wrong, or nothing for a section that is none of ours.
local function read_header(line, is_credentials)
  local inner = trim(line:gsub("[#;].*", "")):match "^%[(.*)%]$"
  if not inner then
    return nil, "a section must end with ]"
  end
  inner = trim(inner)
  local kind, name = inner:match "^([%a%-]+)[ \t]+(.+)$"
  if is_credentials then
    kind, name = "profile", inner -- a bare name; one with a prefix is not valid
  elseif inner == "default" then
    kind, name = "default", inner
  end
  if kinds[kind] and name:find(VALID) then
    return { kind = kind, name = name, values = {} }
  end
  return {} -- somebody else's section: its lines must be well formed, no more
end

local function read_property(line)
  line = line:gsub("[ \t][#;].*", "")
  local key, value = line:match "^([^=]*)=(.*)$"
  key = key and c_locale.lower(trim(key))
  if not key or key == "" then
    return nil
  end
  return key, trim(value)
end

-- `state` is what a reader has seen so far: the file's kind, the line's
-- number, the sections, and where values go at the moment.

local function fail(state, message)
  return nil, ("line %d of the %s file: %s"):format(state.line, state.kind, message)
end

local function take_section(state, line)
  local section, message = read_header(line, state.kind == "credentials")
  if not section then
    return fail(state, message)
  end
  if section.kind then
    state.sections[#state.sections + 1] = section
  end
  state.values, state.key = section.values or {}, nil
  return true
end

local function take_property(state, line)
  local key, value = read_property(line)
  if not key then
    return fail(state, "expected key = value")
  elseif not state.values then
    return fail(state, "a setting stands before the first section")
  end
  state.key = key
  if key:find(VALID) then
    state.values[key] = value
  end
  return true
end

-- A continuation of a value, or of an empty one, whose lines are settings of
-- their own.
local function take_continuation(state, line)
  if not state.key then
    return fail(state, "an indented line continues nothing")
  end
  local before = state.values[state.key]
  if before == "" then
    before = {}
    state.values[state.key] = before
  end
  if type(before) == "table" then
    local key, value = line:match "^([^=]*)=(.*)$"
    key = key and c_locale.lower(trim(key))
    if not key or key == "" then
      return fail(state, "expected an indented key = value")
    end
    before[key] = trim(value)
  elseif before then
    state.values[state.key] = before .. "\n" .. trim(line)
  end
  return true
end

local function take(state, line)
  if not line:find "[^ \t]" or line:find "^[#;]" then
    return true
  elseif line:find "^%[" then
    return take_section(state, line)
  elseif line:find "^[ \t]" then
    return take_continuation(state, line)
  end
  return take_property(state, line)
end

local multibyte = {
  "^[\194-\223][\128-\191]",
  "^[\224-\239][\128-\191][\128-\191]",
  "^[\240-\244][\128-\191][\128-\191][\128-\191]",
}

-- Bytes that are no UTF-8 text come from another kind of file, or from half
-- an encoding: better said than half read.
local function is_utf8(text)
  local at = text:find "[\128-\255]"
  while at do
    local stop
    for _, pattern in ipairs(multibyte) do
      stop = stop or select(2, text:find(pattern, at))
    end
    if not stop then
      return false
    end
    at = text:find("[\128-\255]", stop + 1)
  end
  return true
end

local function parse_file(text, kind)
  if #text > LARGEST then
    return nil, ("the %s file is larger than 1 MiB"):format(kind)
  elseif text:find "%z" or not is_utf8(text) then
    return nil, ("the %s file is not UTF-8 text"):format(kind)
  end
  local state = { kind = kind, line = 0, sections = {} }
  for line in (text .. "\n"):gmatch "(.-)\r?\n" do
    state.line = state.line + 1
    local ok, message = take(state, line)
    if not ok then
      return nil, message
    end
  end
  return state.sections
end

-- ---- both files ----

local function into(target, values)
  for key, value in pairs(values) do
    target[key] = value
  end
end

local function slot(groups, name)
  groups[name] = groups[name] or {}
  return groups[name]
end

-- `[profile default]` replaces `[default]`, wherever they stand.
local function has_named_default(sections)
  for _, section in ipairs(sections) do
    if section.kind == "profile" and section.name == "default" then
      return true
    end
  end
  return false
end

local function merge(config, credentials)
  local merged = { profiles = {}, sso_sessions = {}, services = {} }
  local named_default = has_named_default(config)
  for _, section in ipairs(config) do
    if section.kind == "sso-session" then
      into(slot(merged.sso_sessions, section.name), section.values)
    elseif section.kind == "services" then
      into(slot(merged.services, section.name), section.values)
    elseif section.kind == "profile" or not named_default then
      into(slot(merged.profiles, section.name), section.values)
    end
  end
  for _, section in ipairs(credentials) do
    into(slot(merged.profiles, section.name), section.values)
  end
  return merged
end

--- Reads the two files' texts.
--
-- Of a setting that stands more than once the last one counts, and what the
-- credentials file says counts over the config file. Keys are in lower case;
-- a value with indented lines of its own is a table of them, or the lines
-- joined by line breaks.
-- @tparam ?string config_text
-- @tparam ?string credentials_text nil stands for a file that is not there
-- @treturn[1] table `{ profiles, sso_sessions, services }`, each from name to
--   settings
-- @treturn[2] nil
-- @treturn[2] string what is wrong, with the file's kind and the line; it
--   shows nothing of what the file holds
function M.parse(config_text, credentials_text)
  local config, message = parse_file(config_text or "", "config")
  if not config then
    return nil, message
  end
  local credentials
  credentials, message = parse_file(credentials_text or "", "credentials")
  if not credentials then
    return nil, message
  end
  return merge(config, credentials)
end

-- ---- where they are ----

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
--   `profile_is_set` where AWS_PROFILE names it
function M.locate(env)
  local home = home_of(env)
  local function path(variable, name)
    local given = value_of(env, variable)
    if given then
      return expand(given, home)
    end
    return home and home .. "/.aws/" .. name
  end
  local profile = value_of(env, "AWS_PROFILE")
  return {
    config = path("AWS_CONFIG_FILE", "config"),
    credentials = path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    profile = profile or "default",
    profile_is_set = profile ~= nil,
  }
end

-- ---- reading ----

-- A file that is not there counts as empty: most machines have only one of
-- the two. One that is refused for what it is was meant, and is not passed
-- over.
local function read_text(path, kind, read)
  if not path then
    return nil, "no home folder"
  end
  local text, message, is_refused = read(path)
  if text then
    return text
  elseif is_refused then
    return nil, nil, ("the %s file %s: %s"):format(kind, path, message)
  end
  return nil, ("%s (%s)"):format(path, message or "not there")
end

--- Reads the two files.
-- @tparam table places as from `locate`
-- @tparam function read like `core.read_file`
-- @treturn[1] table as from `parse`, and `unread`: a list of what could not be
--   read, in words
-- @treturn[2] nil
-- @treturn[2] string what is wrong; it shows nothing of what the files hold
function M.load(places, read)
  local texts, unread = {}, {}
  for _, kind in ipairs { "config", "credentials" } do
    local text, absent, refused = read_text(places[kind], kind, read)
    if refused then
      return nil, refused
    end
    texts[kind], unread[#unread + 1] = text, absent
  end
  local parsed, message = M.parse(texts.config, texts.credentials)
  if parsed then
    parsed.unread = unread
  end
  return parsed, message
end

return M
