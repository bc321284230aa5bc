--- Passwords, codes and secrets: from a descriptor, the environment or a
-- prompt without echo, and never from arguments.
-- @module cognito.cli.secrets

local blanks = require "cognito.blanks"
local native = require "cognito.native"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"

local M = {}

--- The secrets that commands take: what each is called, the option that names
-- a descriptor, the variable, and the question.
M.known = {
  client_secret = { what = "client secret", option = "--client-secret", variable = "COGNITO_CLIENT_SECRET",
    question = "Client secret", more = ": two of them, newest first, with a blank between" },
  code = { what = "code", option = "--code", variable = "COGNITO_CODE", question = "Code" },
  mfa_code = { what = "MFA code", option = "--mfa-code", variable = "COGNITO_MFA_CODE", question = "MFA code" },
  new_password = { what = "new password", option = "--new-password", variable = "COGNITO_NEW_PASSWORD",
    question = "New password" },
  password = { what = "password", option = "--password", variable = "COGNITO_PASSWORD", question = "New password" },
}

local TRIES = 3 -- at typing the same twice

local WHY = "other users of this machine can see a command's arguments, and the shell's history keeps them"

-- How a command is given a secret, as a sentence.
local function ways(secret)
  return ("Use %s-fd FD or the variable %s"):format(secret.option, secret.variable)
end

-- ---- options ----

local function open_descriptor(word, redirection)
  local fd = word:find "^%d+$" and #word < 6 and tonumber(word)
  if not fd then
    return nil, "a descriptor is a number, like 3"
  elseif not native.is_open(fd) then
    return nil, ("descriptor %d is not open: open it for the command, as in %d%sFILE"):format(fd, fd, redirection)
  end
  return fd
end

--- Reads the number of a descriptor that is open, to read from. Looked at before the
-- command opens anything itself: a number that is free would become its own.
-- @tparam string word
-- @treturn[1] integer
-- @treturn[2] nil
-- @treturn[2] string why it is none
function M.descriptor(word)
  return open_descriptor(word, "<")
end

--- The same of a descriptor to write to.
-- @tparam string word
-- @treturn[1] integer
-- @treturn[2] nil
-- @treturn[2] string why it is none
function M.output_descriptor(word)
  return open_descriptor(word, ">")
end

--- Refuses a secret that was given as an argument, without repeating it.
-- @tparam string name of the option or parameter
-- @tparam string hint
-- @raise always
function M.refuse(name, hint)
  stop.usage(("%s is not taken as an argument: %s"):format(name, WHY), hint)
end

--- Adds the option that names a descriptor, and one that says why there is
-- none for the secret itself.
-- @param command of argparse
-- @tparam string name of the secret, see `known`
function M.declare(command, name)
  local secret = M.known[name]
  command:option(secret.option .. "-fd", ("Read the %s, one line, from this descriptor (%s)%s."):format(
    secret.what, secret.variable, secret.more or "")):argname("FD"):convert(M.descriptor)
  command:option(secret.option):args("?"):hidden(true):action(function()
    M.refuse("the " .. secret.what, ways(secret) .. ", or leave it out to be asked")
  end)
end

--- Refuses words behind the last one that a command takes: they would be the
-- code and the password.
-- @param command of argparse
function M.refuse_more(command)
  command:argument("more"):args("*"):hidden(true):action(function(_, _, words)
    if words[1] then
      M.refuse("a code or password", "Leave it out to be asked, or see --help for other ways")
    end
  end)
end

-- ---- reading ----

-- A code holds no blanks; messages show it as "123 456", and copied text brings
-- some along.
local function bare(name, value)
  return (name == "code" or name == "mfa_code") and blanks.remove(value) or value
end

-- No client secret has white space: its hashes would be refused, every one. So
-- blanks stand between two, the newest and the older one.
local function check(name, value, origin)
  if name ~= "client_secret" then
    return value, origin
  end
  local newest, older = value:match "^([^ ]+) +([^ ]+)$"
  if not native.is_visible(newest or value) or not native.is_visible(older or value) then
    stop.usage(("the client secret%s holds white space, control or non-ASCII characters, which no client secret has")
      :format(origin and " from " .. origin or ""), "Remove them where it is kept; of two secrets, a blank stands"
      .. " between the newest and the older one")
  end
  return newest and { newest, older } or value, origin
end

-- Standard input may have been read without an option that names it.
local function origin_of(fd)
  return fd == 0 and "standard input" or ("descriptor %d"):format(fd)
end

local function from_descriptor(secret, fd)
  local value, message = native.read_line(fd)
  if not value and stop.interrupted() then
    stop.quietly(stop.interrupted())
  elseif not value then
    stop.usage(("the %s cannot be read from %s: %s"):format(secret.what, origin_of(fd), message))
  elseif value == "" then
    stop.usage(("the %s from %s is empty"):format(secret.what, origin_of(fd)), ways(secret))
  end
  return value
end

local function ask(question, what, hint)
  local value, message = native.read_secret(text.clean(question))
  if value then
    return value
  elseif stop.interrupted() then
    stop.quietly(stop.interrupted())
  end
  stop.usage(("no %s: %s"):format(what, message), hint)
end

local function ask_twice(secret, question, hint)
  for _ = 1, TRIES do
    local value = ask(question .. ": ", secret.what, hint)
    if ask("The same again: ", secret.what, hint) == value then
      return value
    end
    io.stderr:write("The two differ.\n")
  end
  stop.usage(("no %s: the two differed every time"):format(secret.what), hint)
end

--- Finds a secret where it was given without asking for it.
-- @tparam table args
-- @tparam string name see `known`
-- @tparam function env like `os.getenv`
-- @treturn[1] string; of two client secrets a table of both, the newest first
-- @treturn[1] string where it came from
-- @treturn[2] nil when it was not given
-- @raise when the descriptor cannot be read, and for a client secret that
--   cannot be one
function M.given(args, name, env)
  local secret = M.known[name]
  local fd = args[name .. "_fd"]
  if fd then
    return check(name, from_descriptor(secret, fd), fd == 0 and origin_of(fd) or secret.option .. "-fd")
  end
  local value = env(secret.variable)
  if value and value ~= "" then
    return check(name, value, secret.variable)
  end
  return nil
end

--- Finds a secret, or asks for it.
-- @tparam table args
-- @tparam string name see `known`
-- @tparam table console
-- @tparam[opt] table options `of`, whose it is, for the question; `question`,
--   another one than usual; `twice`, whether to have it typed twice
-- @treturn string
-- @raise when there is none
function M.read(args, name, console, options)
  local value = M.given(args, name, console.env)
  if value then
    return bare(name, value)
  end
  local secret, hint = M.known[name], ways(M.known[name])
  options = options or {}
  local question = (options.question or secret.question) .. (options.of and " of " .. options.of or "")
  if options.twice then
    return ask_twice(secret, question, hint)
  end
  return bare(name, (check(name, ask(question .. ": ", secret.what, hint))))
end

--- Asks for a value that only the terminal can give.
-- @tparam string what it is called
-- @treturn string
-- @raise when there is none
function M.ask(what)
  return ask(what .. ": ", what)
end

return M
