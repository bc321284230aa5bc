--- Where nginx lets Lua wait, and where it does not.
-- @module cognito.runtime.nginx.phase

local M = {}

local ngx = rawget(_G, "ngx")

-- What nginx said of each phase, in which it does not change its mind.
local refusals = {}

--- Whether sockets can be had and waited for at this point.
-- @treturn[1] boolean true
-- @treturn[2] boolean false
-- @treturn[2] string why not, in nginx's words
function M.check()
  local phase = ngx.get_phase()
  if refusals[phase] == nil then
    local got, message = pcall(ngx.socket.tcp)
    refusals[phase] = not got and ("%s (%s)"):format(message, phase)
  end
  return not refusals[phase], refusals[phase]
end

return M
