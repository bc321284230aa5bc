--- The meaning of a call's reply for a page; its meaning for operators is logged.

local log = require "site.log"
local public_answer = require("cognito.recovery").public_answer

--- Judges what a call returned.
-- @tparam string visit the id of the visitor's request
-- @param ... what the call returned
-- @treturn string outcome, as of `recovery.public_answer`
-- @treturn ?string the error's code
return function(visit, ...)
  local page = public_answer(...)
  log(visit, tostring(page.log))
  return page.outcome, page.log.code
end
