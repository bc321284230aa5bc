--- An app client's secret replaced by another, step by step: added, verified,
-- waited for, the old one deleted.
--
-- The new secret is made here and on disk before the service gets it: a reply
-- that is lost loses no secret. A file beside it, without secrets, notes which
-- one the client had before, so that a run can go on where another one ended.
-- Nothing is deleted but that one, and only after the new one was seen to work.
-- @module cognito.cli.rotation

local cjson = require "cognito.json"
local client = require "cognito.cli.client"
local client_secrets = require "cognito.client_secrets"
local hex = require "cognito.hex"
local native = require "cognito.native"
local stop = require "cognito.cli.stop"

local M = {}

local GLANCE = 1 -- seconds between two looks for a signal

-- Answers about a user whom no pool has. The service looks at the hash first.
local VERIFIED = { UserNotFoundException = true, CodeMismatchException = true, ExpiredCodeException = true }

local rotation = {}
local rotation_mt = { __index = rotation, __name = "cognito.cli.rotation" }

-- ---- the files ----

local function read(path)
  local owned, fault = native.check_owned(path)
  if not owned then
    stop.failed(("%s is not fit for a secret: %s"):format(path, fault), "Name another file with --to")
  end
  local file, message, errno = io.open(path, "rb")
  if not file then
    if errno == 2 then -- ENOENT, on every system that we know
      return nil
    end
    stop.failed(message)
  end
  local text = file:read "*a"
  file:close()
  return text
end

local function write(path, text)
  local written, message = native.write_private(path, text)
  if not written then
    stop.failed(("%s cannot be written: %s"):format(path, message))
  end
end

local function notes_path(self)
  return self.path .. ".rotation"
end

local function keep_notes(self)
  write(notes_path(self), cjson.encode(self.notes))
end

-- The notes of an earlier run for this very client.
local function read_notes(self)
  local text = read(notes_path(self))
  if not text then
    return nil
  end
  local ok, notes = pcall(cjson.decode, text)
  if not ok or type(notes) ~= "table" or type(notes.old) ~= "string" then
    stop.failed(("%s cannot be read"):format(notes_path(self)), "If no rotation is under way, remove it")
  elseif notes.user_pool_id ~= self.ids.user_pool_id or notes.client_id ~= self.ids.client_id then
    stop.usage(("%s belongs to the rotation of another app client (%s)"):format(notes_path(self),
      tostring(notes.client_id)), "Name another file with --to")
  end
  return notes
end

local function new_secret()
  return hex(native.random_bytes(32)) -- of the service's letters, and as long as it takes
end

-- The secret of the file, which is the new one. A file that was there before
-- the rotation is left alone.
local function read_secret(self)
  local secret = read(self.path)
  if secret and not secret:find "^[%w_+]+$" then
    stop.failed(("%s does not hold a client secret"):format(self.path),
      "It was written by another program: name another file with --to")
  end
  return secret
end

-- ---- the service ----

local function call(self, operation, params)
  params = params or {}
  params.user_pool_id, params.client_id = self.ids.user_pool_id, self.ids.client_id
  return self.pool[operation](self.pool, params)
end

-- The client's secrets by id.
local function list(self)
  local found, token = {}, nil
  repeat
    local page, err = call(self, "list_user_pool_client_secrets", { next_token = token })
    if not page then
      stop.with(client.adapt(err))
    end
    for _, secret in ipairs(page.client_secrets or {}) do
      found[#found + 1] = secret.client_secret_id
    end
    token = page.next_token
  until not token
  return found
end

-- The id of the new secret: the one that the client did not have before.
local function find_new(self, ids)
  for _, id in ipairs(ids) do
    if id ~= self.notes.old then
      return id
    end
  end
  return nil
end

local function has(ids, wanted)
  for _, id in ipairs(ids) do
    if id == wanted then
      return true
    end
  end
  return false
end

-- ---- the steps ----

local function told(self, step, state, detail)
  self.report { step = step, state = state, detail = detail }
end

-- A rotation begins with one secret: of two, no one here can say which is in use.
local function begin(self, ids)
  if #ids == 0 then
    stop.failed("the app client has no secret", "A client without a secret cannot be given one")
  elseif #ids > 1 then
    stop.failed(("the app client has two secrets already: %s"):format(table.concat(ids, ", ")),
      "Delete the one that no program uses: cognito call delete-user-pool-client-secret --param client_secret_id=ID")
  elseif read(self.path) then
    stop.usage(("%s is there already, and no rotation is under way"):format(self.path), "Name another file with --to")
  end
  self.notes = { user_pool_id = self.ids.user_pool_id, client_id = self.ids.client_id, old = ids[1] }
end

local function write_secret(self, ids)
  if #ids > 1 then
    stop.failed(("the new secret was added, but %s is not there any more"):format(self.path), ("If no program has it,"
      .. " delete it and run this again: cognito call delete-user-pool-client-secret --param client_secret_id=%s")
      :format(find_new(self, ids)))
  end
  self.secret = new_secret()
  write(self.path, self.secret)
  told(self, "write", "done", self.path)
end

-- Where the reply was lost, the list tells.
local function add(self)
  local added, err = call(self, "add_user_pool_client_secret", { client_secret = self.secret })
  local ids = list(self)
  if not added and not (err.ambiguous and #ids > 1) then
    stop.with(client.adapt(err))
  end
  told(self, "add", "done", find_new(self, ids))
  return ids
end

-- By a call about a user whom the pool does not have: it sends nothing, and
-- changes nothing.
local function verify(self)
  local _, err = self.pool:with({ client_secret = self.secret }):confirm_sign_up {
    client_id = self.ids.client_id, username = "cognito-rotate-secret-" .. native.uuid(), confirmation_code = "000000",
  }
  if not err then
    stop.failed("a user was confirmed whom no pool has: this is not the service", "Look at --endpoint")
  elseif client_secrets.is_refusal(err) then
    stop.failed(("the service does not take the secret in %s yet"):format(self.path),
      "Run the command again; nothing was deleted")
  elseif not VERIFIED[err.code] then
    stop.with(client.adapt(err))
  end
end

-- Counted from the first time that the new secret was seen to work.
local function wait(self, seconds)
  local ends = self.notes.verified_at + seconds
  if self.now() < ends then
    told(self, "wait", "begun", ("%d s"):format(math.ceil(ends - self.now())))
  end
  while self.now() < ends do
    self.sleep(math.min(GLANCE, ends - self.now()))
    if stop.interrupted() then
      stop.quietly(stop.interrupted())
    end
  end
  told(self, "wait", "done")
end

-- The pool may have changed while this waited.
local function delete_old(self)
  verify(self)
  local old = self.notes.old
  local deleted, err = call(self, "delete_user_pool_client_secret", { client_secret_id = old })
  if not deleted and not (err.ambiguous and not has(list(self), old)) then
    stop.with(client.adapt(err))
  end
  told(self, "delete", "done", old)
end

local function finish(self)
  os.remove(notes_path(self))
end

-- Reports the steps that are left, for --dry-run.
local function plan(self, ids, seconds)
  if not self.secret then
    told(self, "write", "planned", self.path)
  end
  if #ids < 2 then
    told(self, "add", "planned")
  end
  if not self.notes.verified_at then
    told(self, "verify", "planned")
  end
  if seconds then
    told(self, "wait", "planned", ("%d s"):format(seconds))
    told(self, "delete", "planned", self.notes.old)
  end
end

-- The old secret is gone already: the reply was lost, or another one deleted it.
local function conclude(self, dry)
  if not self.secret then
    stop.failed(("the old secret is deleted, and %s is not there any more"):format(self.path),
      "Add another one, and remove " .. notes_path(self))
  end
  verify(self)
  if not dry then
    self.hand_out(self.secret)
  end
  told(self, "delete", "done", self.notes.old)
  if not dry then
    finish(self)
  end
end

--- Takes the steps that are left.
-- @tparam ?number seconds between the first time that the new secret worked and
--   the deletion of the old one; nil: the old one stays
-- @tparam ?boolean dry whether to report the steps and take none
-- @treturn boolean whether the old one is deleted
-- @treturn ?string the new secret; nil: it is not made yet
-- @raise when a step fails; another run goes on with it
function rotation:run(seconds, dry)
  local ids = list(self)
  self.notes = read_notes(self)
  if not self.notes then
    begin(self, ids)
  else
    self.secret = read_secret(self)
  end
  if not has(ids, self.notes.old) then
    conclude(self, dry)
    return true, self.secret
  elseif dry then
    plan(self, ids, seconds)
    return false, self.secret
  end
  keep_notes(self)
  if not self.secret then
    write_secret(self, ids)
  end
  if #ids < 2 then
    add(self)
  end
  if not self.notes.verified_at then
    verify(self)
    self.notes.verified_at = math.floor(self.now())
    keep_notes(self)
    told(self, "verify", "done")
  end
  self.hand_out(self.secret)
  if not seconds then
    return false, self.secret
  end
  wait(self, seconds)
  delete_old(self)
  finish(self)
  return true, self.secret
end

--- A rotation.
-- @tparam table parts `pool`; `ids`, `{ user_pool_id, client_id }`; `path` of
--   the new secret's file; `report`, a function that is given each step:
--   `{ step, state, detail }`; and optional `hand_out`, a function that is given
--   the new secret once it is verified, before anything waits; `now` and `sleep`
-- @treturn table rotation
function M.new(parts)
  return setmetatable({
    pool = parts.pool, ids = parts.ids, path = parts.path, report = parts.report,
    hand_out = parts.hand_out or function() end,
    now = parts.now or os.time, sleep = parts.sleep or native.sleep,
  }, rotation_mt)
end

return M
