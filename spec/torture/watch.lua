-- Sockets that are watched: an http object, and more of them than there is room for at first.
local core = require "cognito.core"
local inside = require "spec.c.inside"

return {
  run = function()
    core.http({}):close()
    return not inside.watch(20) and "not watched" or nil
  end,
  judge = function(why) return why ~= "not watched" and "another reason: " .. tostring(why) or nil end,
}
