--- A remembered device between two runs of the command: a file for its owner
-- alone, with the user whose device it is.
-- @module cognito.cli.device

local client = require "cognito.cli.client"
local cjson = require "cognito.json"
local native = require "cognito.native"
local private_file = require "cognito.cli.private_file"
local stop = require "cognito.cli.stop"

local M = {}

local FIELDS = { "key", "group_key", "password", "user_pool_id", "username", "alias" }

local kept = {}
local kept_mt = { __index = kept, __name = "cognito.cli.device" }

--- Tells the argument parser of it.
-- @param command of argparse
function M.declare(command)
  command:option("--device", "The file that keeps this machine's device, a secret as good as a second factor, from one"
    .. " sign-in to the next: for its owner alone."):argname "FILE"
  command:flag("--remember-device", "With --device: have the service remember this machine, and write the file.")
  command:option("--device-name", "With --remember-device: the device's name for people."):argname "NAME"
end

-- ---- the file ----

local EXPOSED_HINT = "Who has read it can sign in without the second factor: remove it, and have another device"
  .. " remembered; or chmod 600 it, if no one has"

local function decode(path, text)
  local device = private_file.decode(text, FIELDS)
  if not device then
    stop.usage(("the file %s of --device holds no device"):format(path),
      "If no other program needs it, remove it: the sign-in goes on without, and --remember-device writes another one")
  end
  return device
end

-- ---- whose it is ----

local function is_of(device, pool_id, username)
  return device.user_pool_id == pool_id and (device.username == username or device.alias == username)
end

local function check_options(args)
  if not args.device and args.remember_device then
    stop.usage("--remember-device goes with --device FILE, which keeps the device", "Name a file that is not there yet")
  elseif args.device_name and not args.remember_device then
    stop.usage("--device-name goes with --remember-device")
  end
end

local function with_device(self, args, console, text)
  local device = decode(self.path, text)
  if is_of(device, self.pool_id, args.username) then
    self.device = device
  elseif args.remember_device then
    stop.usage(("the file %s of --device keeps the device of %s in %s"):format(self.path, device.alias,
      device.user_pool_id), "Name another file; one file is one user's")
  else
    console:tell("note: %s keeps the device of %s in %s, and is left out", self.path, device.alias,
      device.user_pool_id)
  end
end

-- Of two sign-ins that remember at once, the one would overwrite the other's device,
-- which the service then remembers for no one. The file itself is replaced, so the
-- lock is one beside it.
local function take_turn(self)
  local unlock, message, is_busy = native.lock(self.path .. ".lock", true)
  if is_busy then
    stop.usage(("another sign-in with --remember-device is about to write the file %s of --device"):format(self.path),
      "Run it again once that one has ended, or name another file")
  elseif not unlock then
    stop.usage(("the file %s.lock beside that of --device cannot be written: %s"):format(self.path, message))
  end
  self.unlock = unlock
end

local function open(self, args, console)
  local text = private_file.read(self.path, "--device", EXPOSED_HINT)
  if (text or ""):find "%S" then
    with_device(self, args, console, text)
  end
  if self.remembers then
    private_file.check_writable(self.path, "--device", text or "")
    self.is_new = text == nil
  end
end

--- Opens the file that the command line names, before anything is sent.
-- @tparam table args
-- @tparam table console
-- @treturn table kept, which has a `device` where the file has this user's
-- @raise when it is not fit for a secret, holds something else, cannot be written, or
--   is about to be written by another sign-in
function M.open(args, console)
  check_options(args)
  local self = setmetatable({ path = args.device, remembers = args.remember_device, name = args.device_name,
    pool_id = client.setting(args, "user_pool_id", console.env), alias = args.username }, kept_mt)
  if not self.path then
    return self
  end
  if self.remembers then
    take_turn(self)
  end
  local ok, fault = pcall(open, self, args, console)
  if not ok then
    self:release()
    error(fault, 0)
  end
  return self
end

--- What the library takes as a credential.
-- @treturn ?table device
function kept:credential()
  local device = self.device
  return device and { key = device.key, group_key = device.group_key, password = device.password }
end

--- What the library takes as the option `remember_device`.
-- @return true, a name, or nil
function kept:wish()
  return self.remembers and (self.name or true) or nil
end

-- ---- after the sign-in ----

--- Lets other sign-ins write the file.
function kept:release()
  if self.unlock then
    os.remove(self.path .. ".lock")
    self.unlock()
  end
  self.unlock = nil
end

--- Removes the file where no device is in it, after a sign-in that failed.
function kept:give_up()
  if self.is_new then
    private_file.remove_empty(self.path)
  end
end

local function save(self, tokens)
  local device = tokens.device
  local text = cjson.encode { key = device.key, group_key = device.group_key, password = device.password,
    user_pool_id = self.pool_id, username = tokens.username or self.alias, alias = self.alias }
  local written, message = native.write_private(self.path, text .. "\n")
  if not written then
    stop.partly(("signed in, but the device cannot be kept: %s: %s"):format(self.path, message),
      "The service remembers a device that no one has: list-devices and forget-device show and remove it")
  end
end

local function remember(self, tokens)
  local err = tokens.device_error
  if tokens.device then
    save(self, tokens)
  else
    self:give_up()
  end
  if err then
    stop.partly(("signed in, but %s: %s"):format(tokens.device
      and "the service may not remember this device, which is kept all the same" or "this device is not remembered",
      err.message or err.code), err.hint)
  elseif not tokens.device then
    stop.partly("signed in, but the service named no device to remember: the pool follows none",
      "Leave --remember-device out, or let the pool remember devices")
  end
end

--- Keeps the device that the sign-in has remembered.
-- @tparam table console
-- @tparam table tokens of the sign-in, with `device` and `device_error`
-- @raise when it was to be remembered and is not
function kept:finish(console, tokens)
  local is_lost = self.device and not (tokens.device and tokens.device.key == self.device.key)
  if is_lost then
    console:tell("note: the service does not know the device in %s any more: signed in without it%s", self.path,
      self.remembers and "" or "; --remember-device replaces it")
  end
  if self.remembers and (is_lost or not self.device) then
    remember(self, tokens)
  end
end

return M
