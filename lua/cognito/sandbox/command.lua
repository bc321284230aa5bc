--- The command `cognito sandbox`.
-- @module cognito.sandbox.command
local native = require "cognito.native"
local people = require "cognito.sandbox.people"
local printable = require "cognito.printable"
local sandbox = require "cognito.sandbox"
local shell = require "cognito.sandbox.shell"
local stop = require "cognito.cli.stop"

local M = {}

-- Seconds between two looks for a signal, which select does not tell of, and
-- for the end of a program.
local GLANCE, QUICK_GLANCE = 0.2, 0.02

local SIGINT = 2

local function declare_server(command)
  command:option("--port", "Port to listen on; 0 lets the system pick.",
    nil, tonumber):argname "PORT"
  command:option("--listen --host", "Address to listen on (127.0.0.1).")
    :argname "ADDRESS"
  command:flag("--allow-remote", "Accept other machines and containers: --listen then takes any address.")
  command:option("--url", "URL at which clients reach it, if not the address that it listens on."):argname "URL"
  command:flag("--exit-with-stdin", "Stop when standard input ends.")
  command:flag("--quiet", "Print no line for each request.")
end

local function declare_pool(command)
  command:option("--user", "A user of the pool, with an e-mail address or a phone number; may be"
    .. " repeated."):argname "NAME:ADDRESS"
    :count "*"
  command:option("--users", "Users from a file: JSON as list-users prints, CSV with a column"
    .. " username, or NAME:ADDRESS lines."):argname "FILE"
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
  command:option("--mail", "How the pool sends mail: cognito, or developer"
    .. " (by Amazon SES)."):argname("SETTING"):choices { "cognito",
    "developer" }
end

local function declare_sign_in(command)
  command:option("--devices", "Devices that the pool remembers: off, always, or user_opt_in.")
    :argname("SETTING"):choices { "off", "always", "user_opt_in" }
  command:option("--mfa", "Second factors: OFF, OPTIONAL, or ON, where every user needs one.")
    :argname("SETTING"):choices { "OFF", "OPTIONAL", "ON" }
  command:option("--first-factor", "A first factor of the flow USER_AUTH: PASSWORD, EMAIL_OTP or SMS_OTP; may be"
    .. " repeated."):argname "NAME"
    :count "*":choices { "PASSWORD", "EMAIL_OTP", "SMS_OTP" }
  command:flag("--rotate-refresh-tokens", "The app client rotates refresh tokens.")
end

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  declare_server(command)
  declare_pool(command)
  declare_sign_in(command)
  command:argument("program", "A program to run with the pool's settings in"
    .. " its environment, behind --; the sandbox ends with it.")
    :args "*":argname "COMMAND"
  command:epilog [[
Examples:
  cognito sandbox --user ada:ada@example.com
  cognito sandbox --user ada:ada@example.com -- cognito forgot-password ada
  cognito sandbox --port 0 --public-client --code 123456
It prints a client's settings as shell commands, then a line for each message that it would have
sent; on standard error a line for each request. With a COMMAND, standard output and exit status
are the program's.]]
end

-- ---- what was asked for ----

local mail_senders = { cognito = "COGNITO_DEFAULT", developer = "DEVELOPER" }

local function users_of(args)
  local users = {}
  if args.users then
    local list, why = people.from_file(args.users)
    if not list then
      stop.usage("--users: " .. why)
    end
    users = list
  end
  for _, word in ipairs(args.user) do
    local user, why = people.from_word(word)
    if not user then
      stop.usage(("--user %s: %s"):format(word, why))
    end
    users[#users + 1] = user
  end
  return users
end

local function tell(line)
  io.stderr:write("sandbox: ", line, "\n")
end

local function new_box(args)
  local secret = args.client_secret
  if args.public_client then
    secret = false
  end
  local ok, box = pcall(sandbox.new, {
    users = users_of(args),
    user_pool_id = args.user_pool_id,
    client_id = args.client_id,
    client_secret = secret,
    code = args.code,
    prevent_user_existence_errors = args.existence_errors,
    recovery = args.recovery,
    email_sender = mail_senders[args.mail],
    device_tracking = args.devices,
    mfa = args.mfa,
    first_factors = args.first_factor[1] and args.first_factor or nil,
    refresh_token_rotation = args.rotate_refresh_tokens,
    log = not args.quiet and tell or nil,
  })
  if ok then
    return box
  end
  if stop.is(box) then
    error(box, 0)
  end
  stop.usage((tostring(box):gsub("^cognito%.sandbox: ", "")))
end

local function load_server()
  local found, server = pcall(require, "cognito.sandbox.server")
  if not found then
    stop.failed("the sandbox needs LuaSocket",
      "luarocks install luasocket, or apt install lua-socket")
  end
  return server
end

-- Standard input as something select can watch. Input is dropped; only
-- its end matters.
local function stdin_lifeline()
  return {
    getfd = function() return 0 end,
    dirty = function() return false end,
    alive = function() return io.stdin:read(1) ~= nil end,
  }
end

local function check_words(args)
  local port = args.port
  if port and not (port >= 0 and port <= 65535 and port % 1 == 0) then
    stop.usage "--port: a port is a number up to 65535"
  elseif args.url and not args.url:find "^https?://[^/?#]+/*$" then
    stop.usage "--url: an address is http://HOST:PORT"
  elseif args.program[1] and args.program[1]:find("=", 1, true) then
    stop.usage("the program's name holds =", "run it by: sh -c '…'")
  elseif args.program[1] and args.exit_with_stdin then
    stop.usage("--exit-with-stdin: standard input is the program's")
  end
end

-- Beside a program any port will do, and two of them do not get in each
-- other's way.
local function open(args, box)
  local server, err = load_server().open(box, {
    host = args.listen or "127.0.0.1",
    port = args.port or (args.program[1] and 0 or 9229),
    remote = args.allow_remote,
    report = tell,
    lifeline = args.exit_with_stdin and stdin_lifeline() or nil })
  if server then
    server.url = args.url and args.url:gsub("/+$", "") or server.url
    box:served_at(server.url)
    return server
  end
  stop.failed(err, err:find "loopback" and "add --allow-remote if other"
    .. " machines are to reach it: it protects nothing" or nil)
end

-- ---- serving ----

local function say(line)
  io.stdout:write(line, "\n")
  io.stdout:flush()
end

local function message_line(message)
  return printable.clean(("message: %s to %s by %s (%s): %s"):format(
    message.trigger, message.username, message.medium, message.destination,
    message.code))
end

-- Standard output is shell commands and comments.
local function say_settings(box, server)
  say("# cognito sandbox: " .. server.url)
  for _, line in ipairs(shell.lines(shell.variables(box, server.url))) do
    say(line)
  end
  say "# A stand-in for development: nothing is sent, nothing is kept."
  box.pool.outbox.on_message = function(message)
    say("# " .. message_line(message))
  end
end

local function serve(server)
  local signal
  repeat
    signal = native.caught_signal()
  until signal or not server:step(GLANCE)
  return signal and 128 + signal or stop.DONE
end

-- ---- a program beside it ----

local function start(box, server, program)
  box.pool.outbox.on_message = function(message) tell(message_line(message)) end
  local child, why = native.start(shell.with(
    shell.variables(box, server.url), program))
  if not child then
    stop.failed("env: " .. why)
  end
  return child
end

-- Ctrl-C reaches a program at the terminal without our help.
local function pass_on(child, signal)
  if signal ~= SIGINT or not native.is_terminal(0) then
    child:signal(signal)
  end
end

local function serve_beside(server, child)
  local passed, result
  repeat
    local signal = native.caught_signal()
    if signal and not passed then
      pass_on(child, signal)
    end
    passed = signal
    result = child:result()
  until result or not server:step(QUICK_GLANCE)
  if not result then
    child:signal(15)
  end
  result = result or child:result() or {}
  return result.status or result.signal and 128 + result.signal or stop.FAILED
end

--- Runs the command.
-- @tparam table args what argparse made of the command line
-- @treturn integer the exit status
function M.run(args)
  check_words(args)
  local box = new_box(args)
  local server = open(args, box)
  local status
  if args.program[1] then
    status = serve_beside(server, start(box, server, args.program))
  else
    say_settings(box, server)
    status = serve(server)
  end
  server:close()
  return status
end

return M
