--- `cognito admin-get-user`
-- @module cognito.cli.command.admin_get_user

local attributes = require "cognito.attributes"
local client = require "cognito.cli.client"
local native = require "cognito.native"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local text = require "cognito.cli.text"
local users = require "cognito.cli.users"

local M = {}

local OPERATION = "admin_get_user"

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user to show. The look-up counts towards the monthly active users, which are"
    .. " billed."):argname "USERNAME"
  options.declare(command)
  parser.examples(command, {
    "cognito admin-get-user ada",
    "cognito admin-get-user --json ada | jq -r .user_status",
  })
end

local function show(console, rows, indent)
  local widest = 0
  for _, row in ipairs(rows) do
    widest = math.max(widest, text.width(text.clean(row[1])))
  end
  for _, row in ipairs(rows) do
    console:line("%s%s  %s", indent, text.fit(text.clean(row[1]), widest), tostring(row[2]))
  end
end

local function attribute_rows(list)
  local rows = {}
  for i, attribute in ipairs(attributes.list(list)) do
    rows[i] = { attribute.name, attribute.value or "" }
  end
  return rows
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local user = client.call(client.new(args, console), OPERATION, { username = args.username })
  if console.json then
    console:object(user, native.describe(OPERATION).output)
    return
  end
  local factors, rows = table.concat(user.user_mfa_setting_list or {}, ", "), attribute_rows(user.user_attributes)
  show(console, {
    { "username", user.username },
    { "status", user.user_status or "unknown" },
    { "account", users.enabled(user.enabled) },
    { "created", users.date(user.user_create_date) or "unknown" },
    { "modified", users.date(user.user_last_modified_date) or "unknown" },
    { "second factors", factors ~= "" and factors or "none" },
    { "attributes", #rows },
  }, "")
  show(console, rows, "  ")
end

return M
