--- The pool's rules for passwords. Make them those of your pool: what they
-- refuse is refused before anything is sent, in the same words and the same time
-- for everybody.

local passwords = {}

passwords.MINIMUM = 8

-- Those of a new pool.
local demands = {
  { "%u", "an upper-case letter" },
  { "%l", "a lower-case letter" },
  { "%d", "a digit" },
  { "%p", "a symbol" },
}

passwords.hint = ("At least %d characters, with upper and lower case, a digit and a symbol."):format(passwords.MINIMUM)

--- What a password lacks, as a list of words.
function passwords.lacks(password)
  local missing = {}
  if #password < passwords.MINIMUM then
    missing[1] = ("at least %d characters"):format(passwords.MINIMUM)
  end
  for _, demand in ipairs(demands) do
    if not password:find(demand[1]) then
      missing[#missing + 1] = demand[2]
    end
  end
  return missing
end

return passwords
