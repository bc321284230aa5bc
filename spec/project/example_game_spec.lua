--- The example of a game server, as real processes: what it takes from players
-- and what it answers, how it ends, and the whole of it with a small load.
if not require("spec.support.optional").has(pending, "luv") then return end

local game = require "spec.support.game_server"
local noise = require "spec.support.noise"
local sandbox_process = require "spec.support.sandbox_process"

local NEW = "New-Passw0rd!"

local sandbox, server
local users = 0

setup(function() sandbox = sandbox_process.start() end)
teardown(function() sandbox:stop() end)

-- A user without any request so far.
local function new_user()
  users = users + 1
  local name = "heroine" .. users
  sandbox:post("/users", { username = name, password = "Old-Passw0rd!", email = name .. "@example.com" })
  return name
end

local function environment(changes)
  local variables = { COGNITO_ENDPOINT = sandbox.settings.url }
  for name, value in pairs(sandbox.settings) do variables[name] = value end
  for name, value in pairs(changes or {}) do variables[name] = value end
  return variables
end

local function executions(operation, name)
  local counted = sandbox:get "/executions"[operation]
  return counted and counted.users[name] or 0
end

-- The code that a user was sent last.
local function code_of(name)
  return game.wait_for(function()
    local code
    for _, message in ipairs(sandbox:get "/outbox") do
      if message.username == name then code = message.code end
    end
    return code
  end, "a code")
end

local function other_code(code)
  return (code:gsub("%d", function(digit) return (digit + 1) % 10 end))
end

local function assert_closed(player)
  local line, err = player:hear()
  assert.is_nil(line)
  assert.equal("closed", err)
end

-- Ends the server well and returns the lines that it counts requests in.
local function counts()
  local text, status, log = server:stop()
  assert.equal(0, status, log)
  return text:match "codes asked for +(.-)\n", text:match "passwords to be set +(.-)\n"
end

describe("the game server", function()
  before_each(function() server = game.start(environment()) end)

  after_each(function()
    server:kill()
    sandbox:post("/behave", { now = true })
  end)

  it("moves players who have joined, a step a tick", function()
    local player = server:join()
    assert.equal("error not_joined", player:ask "move 1 0")
    assert.equal("welcome ada", player:ask "join ada")
    player:send "move 1 -1\n"
    assert.equal("at 501 499", player.client:receive "*l")
  end)

  it("recovers an account", function()
    local name, player = new_user(), server:join()
    assert.equal("forgot accepted", player:ask("forgot " .. name))
    local code = code_of(name)
    assert.equal("confirm not_accepted", player:ask(("confirm %s %s %s"):format(name, other_code(code), NEW)))
    assert.equal("confirm bad_password", player:ask(("confirm %s %s weak"):format(name, code)))
    assert.equal("confirm done", player:ask(("confirm %s %s %s"):format(name, code, NEW)))
    assert.is_true(sandbox:signs_in(name, NEW))
    local codes, passwords = counts()
    assert.equal("1: accepted 1, try_later 0, broken 0, not sent: too often 0", codes)
    assert.equal("3: done 1, not_accepted 1, bad_password 1, try_later 0, broken 0", passwords)
  end)

  it("answers strangers as it answers users", function()
    local player = server:join()
    assert.equal("forgot accepted", player:ask "forgot nobody")
    assert.equal("confirm not_accepted", player:ask("confirm nobody 123456 " .. NEW))
  end)

  it("is patient at the end, but not for ever", function()
    server:kill()
    server = game.start(environment(), "--grace 0.2")
    local asking, confirming = server:join(), server:join()
    sandbox:post("/misbehave", { what = "stall", times = 2 })
    assert.equal("forgot accepted", asking:ask "forgot nobody")
    confirming:send("confirm nobody 123456 " .. NEW .. "\n")
    assert.equal("forgot accepted", confirming:ask "forgot somebody") -- so it has been heard
    server:terminate()
    assert.equal("confirm try_later", confirming:hear())
    assert_closed(confirming)
    assert_closed(asking)
    local text, status = server:await()
    assert.equal(0, status)
    assert.truthy(text:find("done 0, not_accepted 0, bad_password 0, try_later 1", 1, true))
  end)

  it("ends at once at the second signal", function()
    server:kill()
    server = game.start(environment(), "--grace 1000")
    sandbox:post("/misbehave", { what = "stall" })
    local player = server:join()
    assert.equal("forgot accepted", player:ask "forgot nobody")
    server:terminate()
    assert.equal("forgot try_later", game.wait_for(function() -- as soon as it has heard
      local answer = player:ask "forgot nobody"
      return answer ~= "forgot accepted" and answer ~= "forgot busy" and answer
    end, "the first signal"))
    server:terminate()
    local _, status, log = server:await()
    assert.equal(0, status)
    assert.truthy(log:find("code=aborted", 1, true)) -- not one that has ended by itself
  end)

  it("turns away a player that is one too many", function()
    server:kill()
    server = game.start(environment(), "--most-players 1")
    assert.equal("welcome ada", server:join():ask "join ada")
    local player = server:join()
    assert.equal("error server_full", player:hear())
    assert_closed(player)
  end)

  it("says so when the user pool cannot be reached", function()
    server:kill()
    local port = sandbox_process.start()
    port:stop() -- nobody listens there now
    server = game.start(environment { COGNITO_ENDPOINT = port.settings.url })
    local player = server:join()
    assert.equal("forgot accepted", player:ask "forgot nobody")
    assert.equal("forgot try_later", player:hear())
    assert.equal("confirm try_later", player:ask("confirm nobody 123456 " .. NEW))
    local _, _, log = server:stop()
    assert.truthy(log:find("the user pool cannot be reached", 1, true))
  end)

  it("reports a wrong set-up to the operator, and to no player", function()
    server:kill()
    server = game.start(environment { COGNITO_CLIENT_SECRET = "not-the-secret" })
    local player = server:join()
    assert.equal("forgot accepted", player:ask "forgot nobody")
    assert.equal("confirm try_later", player:ask("confirm nobody 123456 " .. NEW)) -- and not a word about forgot
    local codes, passwords = counts()
    assert.truthy(codes:find("broken 1", 1, true))
    assert.truthy(passwords:find("broken 1", 1, true))
    assert.truthy(select(3, server:await()):find("reason=secret_hash", 1, true))
  end)

  it("prints and logs nothing of a player", function()
    local name, player = new_user(), server:join()
    player:ask("forgot " .. name)
    local code = code_of(name)
    player:ask(("confirm %s %s %s"):format(name, other_code(code), NEW))
    player:ask(("confirm %s %s Weak"):format(name, code))
    player:ask(("confirm %s %s %s"):format(name, code, NEW))
    local text, _, log = server:stop()
    assert.truthy(log:find("code=CodeMismatchException", 1, true), "the wrong code is not in the log")
    for _, secret in ipairs { name, code, other_code(code), NEW, "Weak", "example.com" } do
      assert.is_nil((text .. log):find(secret, 1, true))
    end
  end)

  describe("given bad input", function()
    it("names the fault of a line", function()
      local player = server:join()
      for line, answer in pairs {
        [""] = "unknown_command", ["dance"] = "unknown_command", ["FORGOT ada"] = "unknown_command",
        ["join"] = "bad_name", ["join a b"] = "bad_name", ["join " .. ("x"):rep(21)] = "bad_name",
        ["move"] = "bad_move", ["move 2 0"] = "bad_move", ["move 1"] = "bad_move",
        ["forgot"] = "missing_argument", ["forgot a b"] = "missing_argument",
        ["confirm"] = "missing_argument", ["confirm ada"] = "missing_argument",
        ["confirm ada 123456"] = "missing_argument", ["confirm ada 123456 "] = "missing_argument",
      } do
        assert.equal("error " .. answer, player:ask(line), line)
      end
    end)

    it("takes lines in pieces, many at once, and of DOS", function()
      local player = server:join()
      player:send "jo"
      player:send "in ada\r\nmove\nmove\nmove\nmove\nmove\nmove\n"
      assert.equal("welcome ada", player:hear())
      for _ = 1, 6 do assert.equal("error bad_move", player:hear()) end
      assert.equal("error name_taken", server:join():ask "join ada")
    end)

    it("bears any bytes", function()
      local player, bytes = server:join(), {}
      for i = 0, 255 do bytes[#bytes + 1] = i ~= 10 and string.char(i) or nil end
      local garbage = table.concat(bytes)
      assert.equal("error unknown_command", player:ask(garbage))
      assert.equal("error bad_name", player:ask("join " .. garbage))
      assert.equal("forgot accepted", player:ask "forgot \0\255")
      assert.equal("confirm not_accepted", player:ask("confirm \0 \255 " .. NEW))
    end)

    for _, seed in ipairs { 1, 2, 3 } do
      it(("bears noise, seed %d"):format(seed), function()
        local source = noise.new(seed)
        for _ = 1, 100 do
          local player = server:join()
          player.client:send(source:damage("join ada\nmove 1 0\nforgot ada\nconfirm ada 1 Pass-word1\n") .. "\n")
          player.client:send(source:garbage())
          player.client:close()
        end
        assert.equal("error unknown_command", server:join():ask "dance")
      end)
    end

    it("hangs up on a player that sends an overlong line", function()
      local player = server:join()
      assert.equal("error too_long", player:ask(("x"):rep(2049)))
      assert_closed(player)
      player = server:join()
      player:send(("x"):rep(2049)) -- no end in sight
      assert.equal("error too_long", player:hear())
    assert_closed(player)
      assert.equal("welcome ada", server:join():ask "join ada")
    end)

    it("lets a flooding player wait, and no other", function()
      local flood, sent = server:join(), true
      flood.client:settimeout(0.5)
      for _ = 1, 100 do -- 9 MB: more than systems keep for who does not read
        sent = sent and flood.client:send(("move 1 1\n"):rep(10000))
      end
      assert.is_nil(sent)
      local player = server:join()
      assert.equal("welcome ada", player:ask "join ada")
      assert.equal("forgot accepted", player:ask("forgot " .. new_user()))
    end)

    it("obeys the last lines of a player that hangs up, and frees the name", function()
      local name, player = new_user(), server:join()
      player:send(("join ada\nforgot %s\n"):format(name))
      player:leave()
      game.wait_for(function() return executions("forgot_password", name) == 1 end, "the call")
      game.wait_for(function() return server:join():ask "join ada" == "welcome ada" end, "the name")
    end)
  end)

  it("continues the request of a player who leaves", function()
    local name, player = new_user(), server:join()
    assert.equal("forgot accepted", player:ask("forgot " .. name))
    sandbox:post("/misbehave", {
      operation = "confirm_forgot_password", what = "delay", phase = "after", seconds = 0.3,
    })
    player:send(("confirm %s %s %s\n"):format(name, code_of(name), NEW))
    game.wait_for(function() return executions("confirm_forgot_password", name) == 1 end, "the call")
    player:leave()
    local _, passwords = counts() -- the server waits for what is pending
    assert.truthy(passwords:find("done 1", 1, true))
    assert.is_true(sandbox:signs_in(name, NEW))
  end)

  it("takes two requests of a player at a time", function()
    local player = server:join()
    sandbox:post("/misbehave", { what = "stall", times = 2 })
    assert.equal("forgot accepted", player:ask "forgot nobody")
    assert.equal("forgot accepted", player:ask "forgot somebody")
    assert.equal("forgot busy", player:ask "forgot anybody")
    assert.equal("forgot accepted", server:join():ask "forgot anybody")
  end)

  it("takes six requests of a player in a row", function()
    local player = server:join()
    for i = 1, 6 do
      assert.equal("confirm not_accepted", player:ask(("confirm nobody%d 123456 %s"):format(i, NEW)))
    end
    assert.equal("confirm slow_down", player:ask("confirm nobody 123456 " .. NEW))
    assert.equal("forgot slow_down", player:ask "forgot nobody")
    assert.equal("forgot accepted", server:join():ask "forgot nobody")
  end)

  it("asks five times in a row for one user, and does not show when that is over", function()
    local name = new_user()
    for _ = 1, 6 do
      assert.equal("forgot accepted", server:join():ask("forgot " .. name))
    end
    assert.equal("5: accepted 5, try_later 0, broken 0, not sent: too often 1", (counts()))
  end)
end)

describe("its figures", function()
  local stats = dofile "examples/game_server/stats.lua"

  it("are right to one per cent, however the samples come", function()
    local samples = stats.new()
    for i = 1, 1000 do samples:add((i * 7 % 1000 + 1) / 1000) end -- each of 0.001 to 1 once
    assert.equal(1000, samples.count)
    assert.near(0.5, samples:percentile(50), 0.006)
    assert.near(0.99, samples:percentile(99), 0.011)
    assert.equal(1, samples.max)
    assert.equal(1, samples:percentile(100))
  end)

  it("are nothing where there is nothing, and bear what is out of bounds", function()
    local samples = stats.new()
    assert.equal(0, samples:percentile(99))
    samples:add(0)
    assert.equal(0, samples:percentile(99))
    samples:add(1000)
    assert.equal(1000, samples.max)
  end)
end)

describe("its commands", function()
  local commands = dofile "examples/game_server/commands.lua"

  it("answer a mistake of the server's own, and do not end it", function()
    local said, logged = {}, {}
    local world = { join = function() error "out of order" end }
    local player = { connection = { say = function(_, line) said[#said + 1] = line end } }
    commands.obey({ world = world, log = function(line) logged[#logged + 1] = line end }, player, "join ada")
    assert.same({ "error internal" }, said)
    assert.matches("a command failed: .*out of order", logged[1])
  end)
end)

describe("its limits", function()
  local limits = dofile "examples/game_server/limits.lua"

  it("let so much happen at once, and more with time", function()
    local limit = limits.new(2, 10)
    assert.is_true(limit:take("ada", 0))
    assert.is_true(limit:take("ada", 1))
    assert.is_false(limit:take("ada", 2))
    assert.is_true(limit:take("grace", 2))
    assert.is_false(limit:take("ada", 9.5))
    assert.is_true(limit:take("ada", 10.5))
    assert.is_false(limit:take("ada", 11))
  end)

  it("forget whom they no longer hold back", function()
    local limit = limits.new(2, 10)
    limit:take("ada", 0)
    limit:take("grace", 5)
    limit:sweep(12)
    assert.is_nil(limit.buckets.ada)
    assert.is_table(limit.buckets.grace)
    assert.is_true(limit:take("ada", 12))
  end)
end)

-- As `make example-game` runs it, with fewer players.
describe("the example of a game server", function()
  it("brings all recoveries to an end and prints the figures", function()
    local text, status = game.run_example "--players 50 --recovering 8 --recoveries 16 --seconds 60 --distance 20"
    assert.equal(0, status, text)
    assert.truthy(text:find("recoveries: 16 begun, 16 confirmed, 0 failed", 1, true), text)
    assert.truthy(text:find("players: 50 joined, 0 lost", 1, true), text)
    assert.truthy(text:find("passwords to be set        20: done 16, not_accepted 2, bad_password 2", 1, true), text)
    local warm = text:match "\nwarm: (.*)"
    assert.truthy(warm and warm:find "network +%d+%.%d+ +%d+%.%d+ +%d+%.%d+\n", text)
    assert.truthy(warm:find " [1-9]%d* ticks", text)
  end)

  it("fails when a recovery does", function()
    local text, status = game.run_example "--players 2 --recovering 2 --recoveries 2 --distance 1500 --patience 0.3"
    assert.equal(1, status)
    assert.truthy(text:find("recoveries: 2 begun, 0 confirmed, 2 failed", 1, true), text)
  end)
end)
