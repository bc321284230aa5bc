--- How a client behaves, whatever its runtime: a list of cases. A case: `name`;
-- `part`, the file it is from; `needs`, a list of what not every runtime has ("sockets" or
-- "process", "settings", "concurrency", "cancellation"); `check(world)`, which raises when it does
-- not hold, see world.lua.
--
-- A case must not count on being the only one: inside nginx connections are
-- shared by all.
local M = { list = {} }

local by_name = {}

for _, part in ipairs { "answers", "retries", "hooks", "faults", "replies", "connections", "tls", "many", "sign_in" } do
  for _, case in ipairs(require("spec.support.behaviour." .. part)) do
    case.name, case.part = part .. ": " .. case[1], part
    case.needs, case.check = #case == 3 and case[2] or {}, case[#case]
    assert(not by_name[case.name], "two cases have the same name")
    by_name[case.name] = case
    M.list[#M.list + 1] = case
  end
end

--- The case of a name.
function M.find(name)
  return by_name[name]
end

--- Whether a runtime has what a case needs.
function M.suits(kind, case)
  for _, need in ipairs(case.needs) do
    if not kind.has[need] then return false end
  end
  return true
end

return M
