--- The server's memory of a visitor between two pages: the session of a
-- sign-in that has begun, then its tokens. They never reach the browser, whose
-- sealed cookie only says which they are. They live in the memory that nginx's
-- workers share; for several machines put another store behind these
-- functions, or send a visitor to the same machine each time.

local cjson = require "cjson"
local seal = require "site.seal"

local kept = {}

local KINDS = { "challenge", "tokens" }

-- Other readers of the memory cannot make a cookie of a key.
local function key(visitor, kind)
  return seal.of("kept " .. kind, visitor.id)
end

--- Keeps something.
-- @tparam table visitor
-- @tparam string kind "challenge" or "tokens"
-- @tparam table value
-- @tparam number seconds
-- @treturn boolean whether there was room
function kept.put(visitor, kind, value, seconds)
  return (ngx.shared.kept:safe_set(key(visitor, kind), cjson.encode(value), seconds)) == true
end

--- Finds it.
-- @treturn ?table
function kept.find(visitor, kind)
  local text = visitor and ngx.shared.kept:get(key(visitor, kind))
  return text and cjson.decode(text)
end

--- Forgets it.
function kept.drop(visitor, kind)
  ngx.shared.kept:delete(key(visitor, kind))
end

--- Forgets all that is kept for a visitor.
function kept.forget(visitor)
  for _, kind in ipairs(KINDS) do kept.drop(visitor, kind) end
end

return kept
