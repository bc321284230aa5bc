--- The commands of players, a line each. No answer repeats a value.

local M = {}

local commands = {}

function commands.join(game, player, rest)
  local name = rest:match "^[%w_-]+$"
  if not name or #name > 20 then
    return "error bad_name"
  elseif player.name then
    return "error already_joined"
  elseif not game.world:join(player, name) then
    return "error name_taken"
  end
  return "welcome " .. name
end

function commands.move(game, player, rest)
  local dx, dy = rest:match "^(-?[01]) (-?[01])$"
  if not dx then
    return "error bad_move"
  elseif not player.name then
    return "error not_joined"
  end
  game.world:push(player, tonumber(dx), tonumber(dy)) -- the answer comes with the tick
end

function commands.forgot(game, player, rest)
  local username = rest:match "^%S+$"
  return username and "forgot " .. game.recovery:ask(player, username) or "error missing_argument"
end

-- The password is the rest of the line: it may hold spaces.
function commands.confirm(game, player, rest)
  local username, code, password = rest:match "^(%S+) (%S+) (.+)$"
  if not username then
    return "error missing_argument"
  end
  local refusal = game.recovery:confirm(player, username, code, password)
  return refusal and "confirm " .. refusal -- else the answer comes with the pool's
end

local function answer_to(game, player, line)
  local word, rest = line:match "^(%l+) ?(.*)$"
  local command = commands[word]
  if command then
    return command(game, player, rest)
  end
  return "error unknown_command"
end

--- Does what a line says. A mistake of ours is this player's alone: an error
-- that reached the event loop would end the server.
-- @tparam table game `world`, `recovery` and `log`
-- @tparam table player
-- @tparam string line
function M.obey(game, player, line)
  local ok, answer = pcall(answer_to, game, player, line)
  if not ok then
    game.log("a command failed: " .. tostring(answer))
    answer = "error internal"
  end
  if answer then
    player.connection:say(answer)
  end
end

return M
