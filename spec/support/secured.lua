--- A report's parts, for the specs of recovery.secure.

local M = {}

--- The entries of a report, by step.
function M.by_step(account)
  local found = {}
  for _, entry in ipairs(account.steps) do found[entry.step] = entry end
  return found
end

--- The states of all steps, in one line.
function M.line(account)
  local words = {}
  for _, entry in ipairs(account.steps) do words[#words + 1] = entry.step .. "=" .. entry.state end
  return table.concat(words, " ")
end

return M
