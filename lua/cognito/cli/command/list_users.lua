--- `cognito list-users`
-- @module cognito.cli.command.list_users

local pool_users = require "cognito.bulk.pool_users"
local c_locale = require "cognito.c_locale"
local client = require "cognito.cli.client"
local columns = require "cognito.cli.columns"
local native = require "cognito.native"
local number = require "cognito.cli.number"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local users = require "cognito.cli.users"

local M = {}

local OPERATION = "list_users"

local function names(word)
  local list = {}
  for name in word:gmatch "[^,%s]+" do
    list[#list + 1] = name
  end
  if not list[1] then
    return nil, "it must be names, separated by commas"
  end
  return list
end

local function set_of(list)
  local set = {}
  for _, name in ipairs(list) do
    set[name] = true
  end
  return set
end

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:option("--filter", "Only users that match: an attribute, = or ^= (begins with), and a text in double"
    .. " quotes. The service filters by username, email, phone_number, name, given_name, family_name,"
    .. " preferred_username, sub, cognito:user_status and status."):argname "FILTER"
  command:option("--attributes", "Show only these attributes, separated by commas.")
    :argname("NAMES"):convert(names)
  command:option("--limit", "Stop after this many users."):argname("N"):convert(number.count "--limit")
  options.declare(command)
  parser.examples(command, {
    [[cognito list-users --filter 'cognito:user_status = "RESET_REQUIRED"']],
    [[cognito list-users --filter 'email ^= "ada@"' --attributes email,email_verified]],
    "cognito list-users --limit 100 | cut -f 1",
    "cognito list-users --json | jq -r 'select(.enabled | not) | .username'",
  })
end

-- ---- showing ----

-- Left to the service, the choice would fail: it refuses the whole list where
-- one user lacks one of the attributes.
local function only(attributes, wanted)
  if not (attributes and wanted) then
    return attributes
  end
  local chosen = {}
  for _, attribute in ipairs(attributes) do
    if attribute.name and wanted[attribute.name] then
      chosen[#chosen + 1] = attribute
    end
  end
  return chosen
end

local function printer_of_objects(console, attributes)
  local members
  for _, member in ipairs(native.describe(OPERATION).output) do
    if member.name == "users" then
      members = member.element.members
    end
  end
  return function(page)
    for _, user in ipairs(page) do
      user.attributes = only(user.attributes, attributes)
      console:object(user, members)
    end
  end
end

local function printer_of_rows(console, attributes)
  local titles = { "USERNAME", "STATUS", "ENABLED", "CREATED" }
  for _, name in ipairs(attributes) do
    titles[#titles + 1] = c_locale.upper(name)
  end
  local list = columns.new(console, titles)
  return function(page)
    local rows = {}
    for i, user in ipairs(page) do
      local values = users.attributes(user.attributes)
      rows[i] = { user.username or "", user.user_status or "", users.enabled(user.enabled),
        users.date(user.user_create_date) or "" }
      for _, name in ipairs(attributes) do
        table.insert(rows[i], values[name] or "")
      end
    end
    list:add(rows)
  end
end

-- ---- reading ----

local function first_of(page, n)
  local first = {}
  for i = 1, math.min(n, #page) do
    first[i] = page[i]
  end
  return first
end

-- Pages may be empty and yet have others behind them.
local function each_page(pool, args, print_page)
  local left = args.limit or math.huge
  local listing = pool:pages(OPERATION, { filter = args.filter, limit = math.min(pool_users.PAGE, left) })
  local page = client.next_page(listing)
  while page do
    local shown = first_of(page.users or {}, left)
    print_page(shown)
    left = left - #shown
    page = left > 0 and client.next_page(listing)
  end
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  local print_page = console.json and printer_of_objects(console, args.attributes and set_of(args.attributes))
    or printer_of_rows(console, args.attributes or { "email" })
  each_page(pool, args, function(page)
    print_page(page)
    console:flush() -- rows appear as they come
  end)
end

return M
