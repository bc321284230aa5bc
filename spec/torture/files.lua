-- Files: written as a whole or not at all, read, locked, and looked at.
local core = require "cognito.core"

local folder = os.tmpname()
os.remove(folder)
assert(core.run({ "mkdir", folder }).status == 0)

local path, lock_path = folder .. "/a/b", folder .. "/lock"
local new_text = ("new"):rep(20)

-- At once, and little: refused memory for a larger buffer, Lua 5.4 can make no
-- other any more.
local function content()
  local file = assert(io.open(path))
  local text = file:read(100)
  file:close()
  return text
end

-- A reader sees what was there before, or all of the new.
local function write(new)
  local old = content()
  local written, why = core.write_private(path, new, folder)
  local now = content()
  assert(now == new or not written and now == old, "neither the old file nor the new one")
  return why
end

local function note(lock)
  local text, why = lock "a note"
  if not text then return why end
  text, why = lock()
  if not text then return why end
  assert(text == "a note", "another note")
end

local function use_lock()
  local unlock, write_note, why_not = core.lock(lock_path, true)
  if not unlock then return write_note, why_not end
  local why = note(write_note)
  unlock()
  return why
end

local function look()
  local facts, why = core.file_facts(path)
  if not facts then return why end
  assert(facts.regular and facts.links == "1")
  local owned
  owned, why = core.check_owned(path)
  if not owned then return why end
  local text
  text, why = core.read_file "/dev/null"
  if not text then return why end
  assert(text == "")
  text, why = core.read_file(path)
  if not text then return why end
end

return {
  before = function()
    assert(core.write_private(path, "old", folder))
    io.open(lock_path, "a"):close()
    assert(core.run({ "chmod", "a+r", lock_path }).status == 0) -- as older versions left it
  end,
  run = function()
    local why = write(new_text)
    why = why or use_lock()
    why = why or look()
    local unlock, other = core.lock(path)
    if unlock then unlock() else why = why or other end
    return why
  end,
  judge = function(why) return type(why) ~= "string" and "no reason is given" or nil end,
}
