--- A form that is sent twice at once, by a double click where no script prevents it, is
-- carried out once, and both are answered alike: the browser shows the later answer
-- only, and a code that was used would be a wrong one there. A sender of the same form
-- knows all that it takes to send it first.

local cookies = require "site.cookies"
local seal = require "site.seal"

local LONGEST = 30 -- seconds that a form may take: longer than the pool's timeout
local SECONDS = 2 -- that its outcome is known for; the second waits already
local GLANCE = 0.05

-- Nothing is certain: the same form may be sent again at once.
local passing = { try_later = true, broken = true, later = true }

local function append(parts, fields)
  local names = {}
  for name, value in pairs(fields) do
    if type(value) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    parts[#parts + 1] = ("%s %d %s"):format(name, #fields[name], fields[name])
  end
end

local function key_of(visitor, form)
  local parts = { visitor.id, ngx.var.uri }
  append(parts, form)
  append(parts, form.attributes)
  return seal.of("once", table.concat(parts, "\n"))
end

local function publish(key, outcome)
  if passing[outcome] then
    ngx.shared.asked:delete(key)
  else
    ngx.shared.asked:set(key, outcome .. "\n" .. cookies.pack(), SECONDS)
  end
  return outcome
end

-- Waits for the first. Where that left nothing, its outcome was a passing one.
local function follow(key)
  local found
  repeat
    ngx.sleep(GLANCE)
    found = ngx.shared.asked:get(key)
  until found ~= ""
  local outcome, packed = (found or "try_later\n"):match "^([^\n]*)\n(.*)$"
  cookies.unpack(packed)
  return outcome
end

--- Carries a form out.
-- @tparam table visitor
-- @tparam table form
-- @tparam function work returns the outcome, a string
-- @treturn string outcome
return function(visitor, form, work)
  local key = key_of(visitor, form)
  local first, err = ngx.shared.asked:add(key, "", LONGEST)
  if not first and err == "exists" then
    return follow(key)
  end
  local ok, outcome = pcall(work)
  if not ok then
    ngx.shared.asked:delete(key)
    error(outcome, 0)
  end
  return publish(key, outcome)
end
