--- A sign-in that lacks an answer, kept between two runs of the command: a file
-- for its owner alone, with the challenge and the service's session.
-- @module cognito.cli.session

local cjson = require "cognito.json"
local client = require "cognito.cli.client"
local native = require "cognito.native"
local private_file = require "cognito.cli.private_file"
local stop = require "cognito.cli.stop"

local M = {}

local OPTION = "--session"

local LONGEST = 15 * 60 -- seconds; what an app client can set

local FIELDS = { "name", "username", "session", "user_pool_id", "client_id", "alias" }

local EXPOSED_HINT = "Who has read it needs only the code to sign in: remove it, and begin again in a minute"

local session = {}
local session_mt = { __index = session, __name = "cognito.cli.session" }

--- Tells the argument parser of it.
-- @param command of argparse
function M.declare(command)
  command:option(OPTION, "The file that keeps a sign-in that lacks the answer to a challenge, such as a code that has"
    .. " yet to come: the same command with the answer goes on there, and needs no password. It is removed at the end.")
    :argname "FILE"
end

-- ---- the file ----

local function decode(path, content)
  local kept = private_file.decode(content, FIELDS)
  local ok = kept and type(kept.at) == "number" and type(kept.parameters) == "table"
    and (kept.choices == nil or type(kept.choices) == "table")
  if not ok then
    stop.usage(("the file %s of %s holds no sign-in"):format(path, OPTION),
      "If no other program needs it, remove it: the same command begins another sign-in")
  end
  return kept
end

local function check_is_of(self, kept)
  if kept.user_pool_id ~= self.pool_id or kept.client_id ~= self.client_id
    or kept.alias ~= self.alias and kept.username ~= self.alias then
    stop.usage(("the file %s of %s keeps a sign-in of %s in %s, by the app client %s"):format(self.path, OPTION,
      kept.alias, kept.user_pool_id, kept.client_id), "Name another file; one file is one sign-in's")
  end
end

local function take(self, content, console)
  local kept = decode(self.path, content)
  check_is_of(self, kept)
  if native.now() - kept.at > LONGEST then
    console:tell("note: the sign-in in %s began more than %d minutes ago and has ended: this is another one", self.path,
      LONGEST / 60)
  else
    self.kept = kept
  end
end

--- Opens the file that the command line names, before anything is sent.
-- @tparam table args
-- @tparam table console
-- @treturn table session
-- @raise when it is not fit for a secret, or holds something else
function M.open(args, console)
  local self = setmetatable({ path = args.session, alias = args.username,
    pool_id = client.setting(args, "user_pool_id", console.env) or "",
    client_id = client.setting(args, "client_id", console.env) or "" }, session_mt)
  local content = self.path and private_file.read(self.path, OPTION, EXPOSED_HINT)
  if (content or ""):find "%S" then
    take(self, content, console)
  end
  return self
end

--- Makes sure that the file can be written.
-- @raise when it cannot
function session:prepare()
  if self.path and not self.kept then
    private_file.check_writable(self.path, OPTION, "")
  end
end

--- The challenge to go on with.
-- @treturn ?table as the library takes it
function session:challenge()
  return self.kept
end

--- Keeps a challenge before it is answered: whatever happens then, another run can
-- go on.
-- @tparam table challenge of the library
-- @raise when the file cannot be written
function session:keep(challenge)
  if not self.path or not challenge.session then
    return
  end
  local before, parameters = self.kept, {}
  for name, value in pairs(challenge.parameters) do
    parameters[name] = name ~= "userAttributes" and value or nil -- no business of a file's
  end
  self.kept = { name = challenge.name, username = challenge.username, session = challenge.session,
    choices = challenge.choices, parameters = parameters, user_pool_id = self.pool_id, client_id = self.client_id,
    alias = self.alias,
    at = before and before.session == challenge.session and before.at or native.now() }
  local written, message = native.write_private(self.path, cjson.encode(self.kept) .. "\n")
  if not written then
    stop.partly(("the sign-in has begun, but cannot be kept: %s: %s"):format(self.path, message))
  end
end

--- How to go on, where a sign-in is kept.
-- @tparam string with what is missing, an option
-- @treturn ?string a sentence
function session:hint(with)
  return self.kept and ("The sign-in is kept: the same command with %s, or on a terminal, goes on where it ended, for"
    .. " 3 minutes unless the app client says longer"):format(with) or nil
end

-- ---- the end ----

--- Removes the file: the sign-in is at its end.
function session:finish()
  if self.path then
    os.remove(self.path)
  end
end

--- Removes the file where no sign-in is in it, after one that failed.
function session:give_up()
  if self.path and not self.kept then
    private_file.remove_empty(self.path)
  end
end

--- An error of the library, after which the kept sign-in goes on, or has ended.
-- @tparam cognito.Error err
-- @treturn ?string hint
function session:after(err)
  if not self.kept or err.operation ~= "respond_to_auth_challenge" then
    return nil
  elseif err.code == "NotAuthorizedException" then
    self:finish()
    return ("The sign-in of %s has ended: run it again to begin another one"):format(self.path)
  elseif err.code == "CodeMismatchException" then
    return ("The code is wrong, or was used already: with the right one the sign-in in %s goes on"):format(self.path)
  end
  return nil
end

return M
