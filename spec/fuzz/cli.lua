--- Command lines of any form, up to where a command would begin its work.
--
-- An input: a word a line.

local argparse = require "argparse"
local core = require "cognito.core"
local params = require "cognito.cli.params"
local parser = require "cognito.cli.parser"
local stop = require "cognito.cli.stop"

local console = {
  columns = function() return 80 end, write = function() end, line = function() end, flush = function() end,
}

local function words_of(text)
  local words = {}
  for word in (text .. "\n"):gmatch "([^\n]*)\n" do
    words[#words + 1] = word:gsub("%z.*", "")
  end
  return words
end

-- A refusal is a sentence, and says what to do.
local function caught(f, ...)
  local ok, value = pcall(f, ...)
  if ok then
    return value
  end
  assert(stop.is(value), value)
  local err = value.err
  assert(value.status == 0 or type(err.message) == "string" and err.message ~= "", "no reason")
end

-- The pairs of `cognito call`.
local function read_params(words)
  local described = core.describe(((words[1] or ""):gsub("-", "_")))
  if not described then return end
  local pairs_given = {}
  for i = 2, #words do
    local name, value = words[i]:match "^([^=]+)=(.*)$"
    pairs_given[#pairs_given + 1] = name and { name, value }
  end
  local json = words[2] and not words[2]:find "^[@-]" and words[2]:find "^{" and words[2]
  local read = caught(params.read, described, { params = json or nil, pairs = pairs_given, ask = {} })
  if read then
    pcall(core.build, (words[1]:gsub("-", "_")), read, { region = "r" })
  end
end

return function(text)
  local words = words_of(text)
  caught(parser.parse, argparse, words, console)
  read_params(words)
end
