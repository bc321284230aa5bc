--- A game with luv whose player gets back in, while its tick goes on.
--
--     COGNITO_USER_POOL_ID=… COGNITO_CLIENT_ID=… [COGNITO_CLIENT_SECRET=…] \
--       lua5.4 examples/luv_recovery.lua ada
--
-- The code and the new password come from standard input, a line each, as they
-- would from fields of the game's screen.

local cognito = require "cognito"
local recovery = require "cognito.recovery"
local uv = require "luv"

local username = arg[1]
if not username then
  io.stderr:write "usage: luv_recovery.lua USERNAME\n"
  os.exit(2)
end

local loop = cognito.loop { new_connections = 1 } -- a TLS handshake is enough for one tick
local pool = cognito.new {
  user_pool_id = os.getenv "COGNITO_USER_POOL_ID", -- the region follows from it
  client_id = os.getenv "COGNITO_CLIENT_ID",
  client_secret = os.getenv "COGNITO_CLIENT_SECRET", -- unset for a public app client
  endpoint = os.getenv "COGNITO_ENDPOINT", -- unset for the service itself
  runtime = loop,
}

-- ---- the player's lines ----

local lines, rest = {}, ""
local input = uv.new_pipe(false)
assert(input:open(0))
input:read_start(function(_, chunk)
  rest = rest .. (chunk or "\n") -- nil at the end
  rest = rest:gsub("([^\n]*)\n", function(line) lines[#lines + 1] = line return "" end)
end)

-- A task waits for a line without holding up the tick.
local function read_line(prompt)
  print(prompt)
  while not lines[1] do loop:sleep(0.01) end
  return table.remove(lines, 1)
end

-- ---- straight-line code, in a task ----

local function recover()
  local page = recovery.public_answer(pool:forgot_password { username = username })
  if page.outcome ~= "accepted" then return page.outcome end
  local code = read_line "If there is such an account, a code is on its way. The code?"
  local password = read_line "The new password?"
  return recovery.public_answer(pool:confirm_forgot_password {
    username = username, confirmation_code = code, password = password,
  }).outcome
end

local task = loop:spawn(recover)

-- ---- the tick, sixty times a second ----

local ticks = 0
local timer = uv.new_timer()
timer:start(0, 16, function()
  ticks = ticks + 1
  -- Here the world moves.
  loop:step(0, 0.002) -- never waits; works for two milliseconds at most
  if task:status() ~= "running" and task:status() ~= "new" then
    timer:close()
    input:close()
  end
end)
uv.run()

local outcome = task:await()
print(("%s, after %d ticks"):format(outcome, ticks))
loop:close()
os.exit(outcome == "done" and 0 or 1)
