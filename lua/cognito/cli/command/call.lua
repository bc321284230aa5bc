--- `cognito call`
-- @module cognito.cli.command.call

local client = require "cognito.cli.client"
local json = require "cognito.cli.json"
local metadata = require "cognito.cli.metadata"
local native = require "cognito.native"
local operations = require "cognito.operations"
local options = require "cognito.cli.options"
local params = require "cognito.cli.params"
local parser = require "cognito.cli.parser"
local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("operation", "One of the service's 140 operations; describe-user-pool, describe_user_pool and"
    .. " DescribeUserPool mean the same."):argname "OPERATION"
  command:option("--params", "The parameters: JSON text, @FILE, or - for standard input. Secrets are taken from the"
    .. " latter two only."):argname "JSON"
  command:option("--param", "One parameter; may be repeated, and gives a list one element each time.")
    :argname "NAME=VALUE"
    :count("*"):convert(metadata.pair)
  command:option("--ask", "Ask for this parameter, without echo; may be repeated."):argname("NAME"):count "*"
  command:flag("--describe", "Print the operation's parameters and reply instead of calling it.")
  secrets.declare(command, "client_secret")
  options.declare(command)
  parser.examples(command, {
    "cognito call describe-user-pool",
    "cognito call admin-disable-user --param username=ada",
    "cognito call admin-add-user-to-group --param username=ada --param group_name=staff",
    [[cognito call admin-create-user --params '{"username":"ada","message_action":"RESEND"}']],
    "cognito call change-password --params @change.json",
    "cognito call set-user-settings --describe",
  })
end

-- ---- which operation ----

local function find(word)
  local name = word:gsub("-", "_")
  local described = native.describe(name)
  if described then
    return described
  end
  for _, each in ipairs(native.operations()) do
    if native.describe(each).wire_name == word then
      return native.describe(each)
    end
  end
  stop.usage((operations.unknown(name)), "docs/operations.md lists them; so does completion")
end

-- ---- describing ----

local effects = {
  read = "only looks", ["repeat"] = "may be repeated",
  once = "must not be repeated blindly", message = "may send a message",
}

local function show_members(console, title, members, indent)
  if #members > 0 then
    console:line("%s%s:", indent, title)
  end
  for _, member in ipairs(members) do
    local element = member.element or member.value
    console:line("%s  %s  %s%s%s", indent, member.name, member.type,
      element and " of " .. element.type or "", member.required and ", required" or "")
  end
end

local function describe(console, described)
  if console.json then
    console:object(described)
    return
  end
  console:line("%s (%s): %s, %s", described.name, described.wire_name,
    described.signed and "signed" or "not signed", effects[described.effect])
  show_members(console, "takes", described.input, "")
  show_members(console, "answers", described.output, "")
end

--- Offers operations, and an operation's parameters, to a shell.
-- @tparam string place
-- @tparam {string,...} words
-- @treturn {string,...}
function M.complete(place, words)
  local found = {}
  if place == "operation" then
    for i, name in ipairs(native.operations()) do
      found[i] = name:gsub("_", "-")
    end
    return found
  end
  for _, word in ipairs(words) do
    local described = native.describe((word:gsub("-", "_")))
    for _, member in ipairs(described and described.input or {}) do
      found[#found + 1] = member.name .. (place == "--param" and "=" or "")
    end
  end
  return (place == "--param" or place == "--ask") and found or {}
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local described = find(args.operation)
  if args.describe then
    return describe(console, described)
  end
  local pool = client.new(args, console)
  local result = client.call(pool, described.name, params.read(described, {
    params = args.params, pairs = args.param, ask = args.ask,
  }))
  if console.json then
    console:object(result, described.output)
  else
    console:write(json.pretty(result, described.output) .. "\n")
  end
end

return M
