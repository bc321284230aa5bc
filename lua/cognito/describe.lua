--- A client's settings, shown: what each is and where it came from.
-- @module cognito.describe

local native = require "cognito.native"
local printable = require "cognito.printable"
local tables = require "cognito.tables"

local MASK = printable.MASK

-- What a program gave us to keep, or may have put a token into.
local secret = { client_secret = true, credentials = true, headers = true, analytics_metadata = true, proxy = true }

-- One that cannot be read may hold a password anywhere.
local function shown_url(text)
  return native.read_url(text) and text:match "^[^?]*" or MASK
end

local function shown(name, value)
  if type(value) == "function" then
    return "a function"
  elseif secret[name] then
    return MASK
  elseif type(value) == "table" then
    return "a table"
  elseif name == "endpoint" then
    return shown_url(value)
  end
  return value
end

local function copy(err)
  return err and { code = err.code, field = err.field, message = err.message }
end

-- What is wrong for every call, and what only for some: no call is to find out.
local function problem_and_warnings(state)
  local problems, warnings = state.facts.problems, tables.copy(state.facts.warnings)
  local problem = state.endpoint_error or problems.max_attempts
  for _, name in ipairs(tables.sorted_keys(problems)) do
    warnings[#warnings + 1] = problems[name] ~= problem and problems[name].message or nil
  end
  return copy(problem), warnings
end

--- Describes a client.
-- @tparam table state of the client
-- @treturn table see `cognito.Client:describe`
return function(state)
  local settings = {}
  for name, source in pairs(state.facts.sources) do
    settings[name] = { value = shown(name, state.settings[name]), source = source }
  end
  local problem, warnings = problem_and_warnings(state)
  return {
    settings = settings,
    url = state.endpoint,
    credentials = state.describe_credentials(),
    clock_offset = state.clock_offset,
    quota = state.policy:quota(),
    warnings = warnings,
    problem = problem,
  }
end
