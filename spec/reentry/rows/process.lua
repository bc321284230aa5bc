--- Rows of programs, files, the terminal, chance and time.
local core = require "cognito.core"
local plains = require "spec.reentry.rows.plain"
local World = require "spec.reentry.world"

local M = {}

local long, plain, varies = World.long, plains.plain, plains.varies

-- ---- programs ----

function M.run(world)
  return core.run, world:given({ "/bin/" .. "echo", ("word "):rep(20), ("more "):rep(20) }), 10
end

M["run (no such program)"] = { of = "run", make = function(world)
  return core.run, world:given({ "/nowhere/" .. ("x"):rep(50), "word" .. ("s"):rep(50) })
end }

-- Waits for its end, so that no cell leaves one behind.
local function ended(child)
  while type(child) == "userdata" and not child:result() do core.sleep(0.001) end
  return type(child)
end

M.start = { shown = ended, make = function(world)
  return core.start, world:given { "/bin/" .. "true", ("word "):rep(20) }
end }

local function with_child(name, ...)
  local last = ...
  return { make = function()
    local child = assert(core.start { "/bin/true" })
    ended(child)
    return child[name], child, last
  end }
end

M["child:result"], M["child:signal"] = with_child "result", with_child("signal", 15)

-- ---- files ----

function M.list(world)
  return core.list, world:given { long "a" }
end

local function with_path(name)
  return { make = function() return core[name], World.folder .. "/read-" .. ("f"):rep(50) end }
end

M.read_file, M.file_facts, M.check_owned = with_path "read_file", with_path "file_facts", with_path "check_owned"

function M.write_private()
  return core.write_private, World.folder .. "/file-" .. ("f"):rep(50), ("data "):rep(50)
end

local function unlocked(unlock, ...)
  if type(unlock) == "function" then
    unlock()
  end
  return type(unlock), ...
end

M.lock = { shown = unlocked, make = function()
  return core.lock, World.folder .. "/file-" .. ("f"):rep(50)
end }

M["lock (no such file)"] = { of = "lock", make = function()
  return core.lock, World.folder .. "/none-" .. ("f"):rep(50)
end }

M.uuid = varies "uuid"
M.random = varies "random"
M.random_bytes = varies("random_bytes", 16)
M.now = varies "now"
M.clock = varies "clock"
M.sleep = plain("sleep", 0)
M.is_open = plain("is_open", 0)
M.is_terminal = plain("is_terminal", 0)
M.terminal_width = plain("terminal_width", 0)
M.no_core_dumps = plain "no_core_dumps"
M.catch_signals = plain "catch_signals"
M.caught_signal = plain "caught_signal"
M.read_line = plain("read_line", 0)
M.write_descriptor = plain("write_descriptor", 9999, "text")
M.read_secret = plain("read_secret", "Secret: ")

return M
