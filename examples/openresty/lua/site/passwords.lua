--- The rules of a new password, for the page, its script and the check of the
-- form. The check comes before anything is sent, so its words and its time are the
-- same for every user.

local policy = require "site.policy"

local passwords = {}

-- Ours for Lua and for JavaScript. Letters and digits are those of ASCII, and a
-- space inside counts as a symbol, as the developer guide says.
local demands = {
  { name = "upper", flag = "RequireUppercase", lua = "[A-Z]", script = "[A-Z]" },
  { name = "lower", flag = "RequireLowercase", lua = "[a-z]", script = "[a-z]" },
  { name = "digit", flag = "RequireNumbers", lua = "[0-9]", script = "[0-9]" },
  { name = "symbol", flag = "RequireSymbols", lua = "[ -/:-@%[-`{-~]", script = "[ -\\/:-@\\[-`\\{-~]" },
}

-- Characters of UTF-8: all bytes that do not continue one.
local function length(text)
  return select(2, text:gsub("[^\128-\191]", ""))
end

-- The service's own pattern, whatever the policy is.
local function has_clean_ends(password)
  return not (password:find "^%s" or password:find "%s$")
end

--- The rules, as a list of `{ name, count, script, holds }`: `script` is a
-- regular expression for JavaScript, `holds` a function of a password.
-- @treturn table
function passwords.rules()
  local in_force = policy.current()
  local least = in_force.MinimumLength
  local rules = { {
    name = "length", count = least, script = ("^.{%d,}$"):format(least),
    holds = function(password) return length(password) >= least end,
  } }
  for _, demand in ipairs(demands) do
    if in_force[demand.flag] then
      rules[#rules + 1] = {
        name = demand.name, script = demand.script,
        holds = function(password) return password:find(demand.lua) ~= nil end,
      }
    end
  end
  rules[#rules + 1] = { name = "ends", script = "^\\S(.*\\S)?$", quiet = true, holds = has_clean_ends }
  return rules
end

--- The rules that a password does not keep.
-- @tparam string password
-- @treturn table list of rules
function passwords.broken(password)
  local broken = {}
  for _, rule in ipairs(passwords.rules()) do
    if not rule.holds(password) then
      broken[#broken + 1] = rule
    end
  end
  return broken
end

return passwords
