--- The command `cognito sandbox`.
-- @module cognito.sandbox.command
local native = require "cognito.native"
local printable = require "cognito.printable"
local sandbox = require "cognito.sandbox"

local M = {}

-- Seconds between two looks for a signal: select goes on waiting after one.
local GLANCE = 0.2

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:option("--port", "Port to listen on; 0 lets the system pick.",
    "9229", tonumber):argname "PORT"
  command:option("--host", "Loopback address to listen on.", "127.0.0.1")
    :argname "ADDRESS"
  command:option("--user-pool-id", "Id of the pool; its region follows.")
    :argname "ID"
  command:option("--client-id", "Id of the app client."):argname "ID"
  command:option("--client-secret", "Secret of the app client.")
    :argname "SECRET"
  command:flag("--public-client", "The app client has no secret.")
  command:option("--code", "Send this code each time."):argname "CODE"
  command:option("--existence-errors",
    "PreventUserExistenceErrors of the app client: ENABLED or LEGACY.")
    :argname("SETTING"):choices { "ENABLED", "LEGACY" }
  command:option("--recovery", "Account recovery setting: legacy,"
    .. " verified_phone_first, verified_email_first, verified_phone_number,"
    .. " verified_email or admin_only."):argname("SETTING"):choices {
    "legacy", "verified_phone_first", "verified_email_first",
    "verified_phone_number", "verified_email", "admin_only" }
  command:flag("--exit-with-stdin", "Stop when standard input ends.")
  command:epilog [[
Examples:
  cognito sandbox
  cognito sandbox --port 0 --public-client --code 123456
It prints what a client needs as shell assignments, then a line for each message it would have sent.]]
end

local function box_options(args)
  local secret = args.client_secret
  if args.public_client then secret = false end
  return {
    user_pool_id = args.user_pool_id,
    client_id = args.client_id,
    client_secret = secret,
    code = args.code,
    prevent_user_existence_errors = args.existence_errors,
    recovery = args.recovery,
  }
end

local function say(line)
  io.stdout:write(line, "\n")
  io.stdout:flush()
end

-- Shell assignments, so that a script can take them over by eval.
local function say_settings(box, url)
  local settings = box:settings()
  say("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" .. url)
  say("AWS_REGION=" .. settings.region)
  say("AWS_ACCESS_KEY_ID=" .. settings.credentials.access_key_id)
  say("AWS_SECRET_ACCESS_KEY=" .. settings.credentials.secret_access_key)
  say("COGNITO_USER_POOL_ID=" .. settings.user_pool_id)
  say("COGNITO_CLIENT_ID=" .. settings.client_id)
  if settings.client_secret then
    say("COGNITO_CLIENT_SECRET=" .. settings.client_secret)
  end
end

local function say_message(message)
  local line = ("message: %s to %s by %s (%s): %s"):format(message.trigger,
    message.username, message.medium, message.destination, message.code)
  -- Names come from requests; a terminal must not obey them.
  say(printable.clean(line))
end

-- Standard input as something select can watch. What arrives is dropped; only
-- its end matters.
local function stdin_lifeline()
  return {
    getfd = function() return 0 end,
    dirty = function() return false end,
    alive = function() return io.stdin:read(1) ~= nil end,
  }
end

local function start(args)
  local found, server = pcall(require, "cognito.sandbox.server")
  if not found then
    return nil, nil, "the sandbox needs lua-socket (luarocks install"
      .. " luasocket, or apt install lua-socket)"
  end
  local ok, box = pcall(sandbox.new, box_options(args))
  if not ok then return nil, nil, box end
  local opened, err = server.open(box, { host = args.host, port = args.port,
    report = function(line) io.stderr:write(printable.clean(line), "\n") end,
    lifeline = args.exit_with_stdin and stdin_lifeline() or nil })
  return opened, box, err
end

--- Runs the command.
-- @tparam table args what argparse made of the command line
-- @treturn integer the exit status
function M.run(args)
  local server, box, err = start(args)
  if not server then
    io.stderr:write("cognito sandbox: ", printable.clean(err), "\n")
    return 1
  end
  box.pool.outbox.on_message = say_message
  say("cognito sandbox: " .. server.url)
  say_settings(box, server.url)
  say("# A stand-in for development: nothing is sent, nothing is kept.")
  local signal
  repeat
    signal = native.caught_signal()
  until signal or not server:step(GLANCE)
  server:close()
  return signal and 128 + signal or 0
end

return M
