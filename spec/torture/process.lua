-- Programs: one to its end, one that takes too long, one that prints too much,
-- and one beside this process.
local core = require "cognito.core"

-- The output that a program must have had, unless it failed.
local function run_to_end()
  local result, why = core.run({ "/bin/sh", "-c", "echo out; echo err >&2; exit 3" }, 20, "HOME")
  if not result then return why end
  assert(result.status == 3, "another status")
  assert(result.stdout == "out\n" and result.stderr == "err\n", "output is missing")
end

local function be_refused(command, seconds)
  local result, why = core.run(command, seconds)
  assert(not result, "it was not ended")
  return why
end

local function run_beside()
  local child, why = core.start { "/bin/true" }
  if not child then return why end
  while not child:result() do core.sleep(0.001) end
  child:signal(0)
end

return {
  run = function()
    local first = run_to_end()
    local second = be_refused({ "/bin/sleep", "1" }, 0.01)
    local third = be_refused { "/bin/sh", "-c", "head -c 300000 /dev/zero" }
    local fourth = run_beside()
    local expected = second:find "too long" and third:find "256 KiB"
    return first or fourth or not expected and (second .. "; " .. third) or nil
  end,
  judge = function(why) return type(why) ~= "string" and "no reason is given" or nil end,
}
