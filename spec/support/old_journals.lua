--- Journals that releases wrote (spec/bulk/journals), and the pool that they were written for.
local helper = require "spec.support.bulk"
local sqlite3 = require "luasql.sqlite3"

local M = {}

--- The pool: the same users each time.
-- @treturn table box
-- @treturn cognito.Client
function M.world()
  return helper.world(7, { seed = "the users of old journals" })
end

--- Makes the journal that a file of statements describes.
-- @tparam string file
-- @tparam string path of the journal
function M.restore(file, path)
  local env = sqlite3.sqlite3()
  local connection = assert(env:connect(path))
  for statement in io.lines(file) do
    assert(connection:execute(statement))
  end
  connection:close()
  env:close()
  os.execute(("chmod 600 '%s'"):format(path))
end

return M
