--- What a program prints: `credential_process` of a profile.
--
-- The program runs without a shell. Its arguments may be secret and its
-- output is: neither shows in an error, but what it says on standard error
-- does. It does not inherit the secrets that only this process was given.
-- @module cognito.credentials.process

local document = require "cognito.credentials.document"
local failure = require "cognito.credentials.failure"
local inheritance = require "cognito.inheritance"
local metrics = require "cognito.credentials.metrics"
local split = require "cognito.aws.words"

local M = {}

local SECONDS = 60    -- it may ask a person
local LONGEST = 500   -- characters of standard error in a message

-- ---- the program ----

local function last_words(text)
  text = text:gsub("[%c%s]+", " "):match "^%s*(.-)%s*$"
  if text == "" then
    return ""
  elseif #text > LONGEST then
    text = text:sub(1, LONGEST) .. " …"
  end
  return ": " .. text
end

local function read_output(world, source, output)
  local members = document.read(output)
  if not members then
    return failure.broken(source, "its output is not a JSON object")
  elseif members.version ~= 1 then
    return failure.broken(source, "its output does not say Version 1")
  end
  local found, message = document.credentials(members, {})
  if not found then
    return failure.broken(source, "in its output " .. message)
  elseif found.expires_at and found.expires_at <= world.now() then
    return failure.broken(source, "the credentials that it printed have expired")
  end
  found.source = source
  return metrics.add(found, "profile_process", "process")
end

--- Runs a program for credentials.
-- @tparam table world
-- @tparam string profile_name whose it is
-- @tparam string command
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load(world, profile_name, command)
  local source = ("profile '%s' (credential_process)"):format(profile_name)
  local words = split(command)
  if not words then
    return failure.broken(source, "a quote or a backslash in the command is left open")
  elseif command:find "%z" then
    return failure.broken(source, "the command holds a NUL")
  elseif not words[1] or words[1] == "" then
    return failure.broken(source, "the command is empty")
  end
  local done, message = world.run(words, SECONDS, inheritance.SECRETS)
  if not done then
    return failure.broken(source, "the program has no result: " .. message)
  elseif done.status ~= 0 then
    return failure.broken(source, (done.status and "the program ended with status %d%s"
      or "signal %d ended the program%s"):format(done.status or done.signal, last_words(done.stderr)))
  end
  return read_output(world, source, done.stdout)
end

return M
