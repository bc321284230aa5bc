--- The game itself: players on a square, one step a tick.

local M = {}

local SIZE = 1000

local world = {}
local world_mt = { __index = world }

--- Lets a player in.
-- @tparam table player
-- @tparam string name
-- @treturn boolean false when the name is taken
function world:join(player, name)
  if self.names[name] then
    return false
  end
  self.names[name] = player
  player.name, player.x, player.y = name, SIZE / 2, SIZE / 2
  return true
end

--- Lets a player go.
-- @tparam table player
function world:leave(player)
  if player.name then
    self.names[player.name] = nil
  end
end

--- Notes where a player wants to go; the last word before a tick counts.
-- @tparam table player
-- @tparam number dx -1, 0 or 1
-- @tparam number dy the same
function world:push(player, dx, dy)
  if not player.moving then
    player.moving = true
    self.moving[#self.moving + 1] = player
  end
  player.dx, player.dy = dx, dy
end

--- Goes on by one tick.
function world:advance()
  local moving = self.moving
  self.moving = {}
  for _, player in ipairs(moving) do
    player.moving = false
    player.x, player.y = (player.x + player.dx) % SIZE, (player.y + player.dy) % SIZE
    player.connection:say(("at %d %d"):format(player.x, player.y))
  end
end

--- Makes an empty world.
-- @treturn table
function M.new()
  return setmetatable({ names = {}, moving = {} }, world_mt)
end

return M
