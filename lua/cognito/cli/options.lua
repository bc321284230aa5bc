--- The options that many subcommands share.
-- @module cognito.cli.options

local number = require "cognito.cli.number"
local secrets = require "cognito.cli.secrets"

local M = {}

-- `name`, what it takes (nothing: a flag), what the help says.
local connection = {
  { "--user-pool-id", "ID", "Id of the user pool, which names its region (COGNITO_USER_POOL_ID)." },
  { "--client-id", "ID", "Id of the app client (COGNITO_CLIENT_ID)." },
  { "--region", "REGION", "Region, if the pool's id does not name it (AWS_REGION, profile)." },
  { "--profile", "NAME", "Profile of the AWS configuration files (AWS_PROFILE)." },
  { "--endpoint", "URL", "URL of the service, if not the region's own (AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,"
    .. " profile)." },
  { "--timeout", "SECONDS", "Time limit of a call, retries included (30).", convert = number.rate "--timeout" },
  { "--attempt-timeout", "SECONDS", "Time limit of one attempt (10).", convert = number.rate "--attempt-timeout" },
  { "--verbose", nil, "Report every attempt on standard error." },
}

local output = {
  { "--json", nil, "Print one JSON object per line, and errors as JSON, too." },
  { "--no-color", nil, "Print without colours (NO_COLOR)." },
}

local function declare(command, title, rows)
  local declared = {}
  for i, row in ipairs(rows) do
    local name, takes, description = row[1], row[2], row[3]
    local option = takes and command:option(name, description):argname(takes) or command:flag(name, description)
    declared[i] = row.convert and option:convert(row.convert) or option
  end
  command:group(title, (unpack or table.unpack)(declared))
end

--- Adds how to reach the service, and how to print.
-- @param command of argparse
-- @tparam[opt] boolean is_public whether none of its calls is signed
function M.declare(command, is_public)
  declare(command, "The service", connection)
  if not is_public then
    secrets.declare(command, "mfa_code")
  end
  M.declare_output(command)
end

--- Adds how to print.
-- @param command of argparse
function M.declare_output(command)
  declare(command, "Output", output)
end

local function row_of(word)
  for _, rows in ipairs { connection, output } do
    for _, row in ipairs(rows) do
      if row[1] == word then
        return row
      end
    end
  end
  return nil
end

-- How many of the words at the beginning are shared options with what they
-- take.
local function count_leading(argv)
  local i = 1
  while argv[i] do
    local name, value = argv[i]:match "^(%-%-[%w-]+)(=?)"
    local row = name and row_of(name)
    if not row then
      break
    end
    i = i + ((row[2] and value == "") and 2 or 1)
  end
  return i - 1
end

--- The same words with the shared options behind the subcommand, whose they
-- are: they may also stand in front of it.
-- @tparam {string,...} argv
-- @treturn {string,...}
function M.move_behind(argv)
  local leading = count_leading(argv)
  if not argv[leading + 1] then -- there is no subcommand for them
    return {}
  end
  local moved, options_end = {}, nil
  for i = leading + 1, #argv do
    moved[#moved + 1] = argv[i]
    if argv[i] == "--" then -- what follows is no option
      options_end = options_end or #moved
    end
  end
  for i = 1, leading do
    table.insert(moved, options_end and options_end + i - 1 or #moved + 1, argv[i])
  end
  return moved
end

return M
