--- Runs Lua code in an interpreter of its own.

local core = require "cognito.core"
local process = require "spec.support.process"

local M = {}

local SECONDS = 60 -- after which a child has hung

--- The file of a module in C.
-- @tparam string name
-- @treturn string
function M.library(name)
  for template in package.cpath:gmatch "[^;]+" do
    local path = template:gsub("%?", (name:gsub("%.", "/")))
    local file = io.open(path)
    if file then
      file:close()
      return path
    end
  end
  error(name .. " is not built")
end

--- The environment that preloads a library, besides what is preloaded.
-- @tparam string path
-- @treturn string the value of LD_PRELOAD
function M.preloading(path)
  local before = os.getenv "LD_PRELOAD"
  return before and before ~= "" and before .. ":" .. path or path
end

local function run(limits, code, environment, ...)
  local path, begin = process.write(code), core.clock()
  local text, status = process.output_of(("%s timeout %d env %s %s </dev/null 2>&1"):format(limits, SECONDS,
    process.assignments(environment), process.words { process.interpreter(), path, ... }))
  os.remove(path)
  return status, text, core.clock() - begin
end

--- Runs a chunk to its end, with more in its environment.
-- @tparam string code
-- @tparam[opt] table environment
-- @tparam string ... the chunk's arguments
-- @treturn integer exit status: 124 when it hung, more than 128 after a signal
-- @treturn string what it printed
-- @treturn number seconds it took
function M.run(code, environment, ...)
  return run("", code, environment, ...)
end

-- The child may inherit this process's open descriptors: so it takes all that the
-- system gives and lets go of some.
local FEW_DESCRIPTORS = [[
  local taken, file = {}, io.open "/dev/null"
  while file do taken[#taken + 1], file = file, io.open "/dev/null" end
  for i = 1, %d do taken[i]:close() end
]]

--- The same, with so many descriptors left to open.
-- @tparam integer descriptors
-- @tparam string code
-- @tparam string ... the chunk's arguments
function M.run_with_few_descriptors(descriptors, code, ...)
  return run("ulimit -n 256; ", FEW_DESCRIPTORS:format(descriptors) .. code, nil, ...)
end

return M
