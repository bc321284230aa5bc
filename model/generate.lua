--- Writes everything that is made from the model.
--
--     lua5.4 model/generate.lua            writes src/model.c and the rest
--     lua5.4 model/generate.lua --check    names what is stale, writes nothing
--
-- Runs on Lua 5.1 to 5.4 and LuaJIT, and writes the same bytes on each.
-- @module model.generate
local M = {}

local USAGE = "usage: lua5.4 model/generate.lua [--check]"
local TYPES_HEADER = "model/types_header.lua"

-- Run as a script, this file may be called from anywhere.
local is_script = ... ~= "model.generate"
local root = is_script and arg[0]:match("^(.*)model[/\\][^/\\]*$") or ""
if is_script then
  local folder = root == "" and "./" or root
  package.path = folder .. "?.lua;" .. folder .. "lua/?.lua;" .. package.path
end

local resolve = require "model.resolve"
local emit_c = require "model.emit_c"
local emit_docs = require "model.emit_docs"
local emit_types = require "model.emit_types"

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

--- Makes the text of every generated file.
-- @tparam table facts the service, as model/import.lua writes it
-- @tparam table overlay what we add to it, as model/overlay.lua has it
-- @tparam string types_header the hand-written part of the types
-- @treturn {{path=string,text=string},...} paths from the root of the tree
-- @raise a sentence that names what is wrong with the model or the overlay
function M.files(facts, overlay, types_header)
  local model = resolve(facts, overlay)
  return {
    { path = "src/model.c", text = emit_c(model) },
    { path = "lua/cognito/types.lua", text = emit_types(model, types_header) },
    { path = "docs/operations.md", text = emit_docs.page(model) },
  }
end

--- Tells which generated files are missing or not what they should be.
-- @tparam table files what `files` returned
-- @tparam string folder root of the tree to look into, empty or with a slash
--   at its end
-- @treturn {string,...} their paths
function M.stale(files, folder)
  local paths = {}
  for _, file in ipairs(files) do
    if read(folder .. file.path) ~= file.text then
      paths[#paths + 1] = file.path
    end
  end
  return paths
end

--- Writes what is stale.
-- @tparam table files what `files` returned
-- @tparam string folder root of the tree to write into, as for `stale`
-- @raise when a file cannot be written
function M.write(files, folder)
  local stale = {}
  for _, path in ipairs(M.stale(files, folder)) do
    stale[path] = true
  end
  for _, file in ipairs(files) do
    if stale[file.path] then
      write(folder .. file.path, file.text)
    end
  end
end

local function report(err, stale)
  for _, path in ipairs(stale) do
    err:write(path, " is stale: run lua5.4 model/generate.lua\n")
  end
  return #stale == 0
end

local function run(err, folder, option)
  if option and option ~= "--check" then
    error(USAGE, 0)
  end
  local files = M.files(require "model.facts", require "model.overlay",
    assert(read(folder .. TYPES_HEADER), TYPES_HEADER .. " is missing"))
  if option == "--check" then
    return report(err, M.stale(files, folder))
  end
  M.write(files, folder)
  return true
end

--- Runs the generator as a command.
-- @tparam file err where complaints are written
-- @tparam string folder root of the tree, as for `stale`
-- @tparam[opt] string option `--check`: name what is stale, write nothing
-- @treturn integer exit status: 0, or 1 when something is wrong or stale
function M.main(err, folder, option)
  local ok, result = pcall(run, err, folder, option)
  if not ok then
    err:write("generate.lua: ", result, "\n")
  end
  return ok and result and 0 or 1
end

if not is_script then
  return M
end
os.exit(M.main(io.stderr, root, ...))
