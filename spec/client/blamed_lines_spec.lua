--- Wrong arguments are the program's mistake: the error names the line of its call,
-- however deep in the library the mistake is found.

local chain = require("cognito.credentials").chain
local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local recovery = require "cognito.recovery"

local function nothing() end

local pool = cognito.new { user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c", runtime = fake.new { fake.ok() },
  env = nothing, read_file = nothing }
local loop, closed = cognito.loop(), cognito.loop()
closed:close()
local task = loop:spawn(nothing)
local tokens = cognito.client_tokens(pool)
local USER = { username = "ada", password = "p" }

-- Each function is one line, which the error has to name.
local mistakes = {
  ["cognito.new without a table"] = function() cognito.new "eu-west-1" end,
  ["cognito.new, an unknown setting"] = function() cognito.new { regoin = "eu-west-1" } end,
  ["cognito.new, a mistyped setting"] = function() cognito.new { timeout = "soon" } end,
  ["cognito.new, a secret with a blank"] = function() cognito.new { client_secret = "hunter2 " } end,
  ["cognito.new, a list of secrets with a blank"] = function() cognito.new { client_secret = { "a", "b " } } end,
  ["pool.with"] = function() pool.with {} end,
  ["pool:with without a table"] = function() pool:with(1) end,
  ["pool:with, an unknown setting"] = function() pool:with { regoin = "eu-west-1" } end,
  ["pool:with, a secret with a blank"] = function() pool:with { client_secret = "hunter2 " } end,
  ["pool.forgot_password"] = function() pool.forgot_password { username = "ada" } end,
  ["pool:forgot_password without a table"] = function() pool:forgot_password "ada" end,
  ["pool:forgot_password, options that are none"] = function() pool:forgot_password({ username = "ada" }, 1) end,
  ["pool:forgot_password, an unknown option"] = function() pool:forgot_password({ username = "ada" }, { x = 1 }) end,
  ["pool:build, an unknown option"] = function() pool:build("forgot_password", { username = "a" }, { x = 1 }) end,
  ["pool:describe with an operation"] = function() pool:describe "forgot_password" end,
  ["pool:each of what gives no pages"] = function() pool:each("forgot_password", { username = "ada" }) end,
  ["cognito.describe without a name"] = function() cognito.describe(1) end,
  ["cognito.attributes of no user"] = function() cognito.attributes "ada" end,
  ["cognito.read_json of no text"] = function() cognito.read_json(1) end,

  ["credentials.chain, an unknown option"] = function() chain { profil = "work" } end,
  ["credentials.chain, a mistyped option"] = function() chain { profile = 1 } end,
  ["client_tokens without a client"] = function() cognito.client_tokens {} end,
  ["client_tokens, options that are none"] = function() cognito.client_tokens(pool, "orders/read") end,
  ["client_tokens, an unknown option"] = function() cognito.client_tokens(pool, { scope = {} }) end,
  ["client_tokens, scopes that are no list"] = function() cognito.client_tokens(pool, { scopes = { a = "b" } }) end,
  ["tokens.get"] = function() tokens.get() end,
  ["tokens.refresh"] = function() tokens.refresh { access_token = "t" } end,
  ["tokens:refresh without a token"] = function() tokens:refresh() end,

  ["sign_in without a client"] = function() recovery.sign_in({}, USER) end,
  ["sign_in without credentials"] = function() recovery.sign_in(pool, "ada") end,
  ["sign_in, an unknown credential"] = function() recovery.sign_in(pool, { user = "ada" }) end,
  ["sign_in, options that are none"] = function() recovery.sign_in(pool, USER, 1) end,
  ["sign_in, an unknown option"] = function() recovery.sign_in(pool, USER, { x = 1 }) end,
  ["sign_in, an unknown flow"] = function() recovery.sign_in(pool, USER, { flow = "X" }) end,
  ["sign_in, a challenge"] = function() recovery.sign_in(pool, USER, { preferred_challenge = "X" }) end,
  ["remember_device, no client"] = function() recovery.remember_device({}, { access_token = "t" }) end,
  ["remember_device, no tokens"] = function() recovery.remember_device(pool, {}) end,
  ["remember_device, no name"] = function() recovery.remember_device(pool, { access_token = "t" }, "") end,
  ["sign_in, a device without a name"] = function() recovery.sign_in(pool, USER, { remember_device = "" }) end,
  ["refresh without a client"] = function() recovery.refresh({}, {}) end,
  ["refresh without tokens"] = function() recovery.refresh(pool, "t") end,
  ["refresh, options that are none"] = function() recovery.refresh(pool, {}, 1) end,
  ["refresh, an unknown option"] = function() recovery.refresh(pool, {}, { x = 1 }) end,
  ["secure without a client"] = function() recovery.secure({}, "ada") end,
  ["secure without a name"] = function() recovery.secure(pool) end,
  ["secure, options that are none"] = function() recovery.secure(pool, "ada", 1) end,
  ["secure, an unknown option"] = function() recovery.secure(pool, "ada", { x = 1 }) end,
  ["secure, an unknown factor"] = function() recovery.secure(pool, "ada", { factors = { "X" } }) end,
  ["advise without a client"] = function() recovery.advise({}, "ada") end,
  ["advise, a pool that is none"] = function() recovery.advise(pool, "ada", 1) end,
  ["advise, options that are none"] = function() recovery.advise(pool, "ada", nil, 1) end,
  ["advise, an unknown option"] = function() recovery.advise(pool, "ada", nil, { x = 1 }) end,
  ["advise, an unknown factor"] = function() recovery.advise(pool, "ada", nil, { lost = "X" }) end,
  ["public_answer of nothing"] = function() recovery.public_answer() end,
  ["public_answer of another operation"] = function() recovery.public_answer({}, nil, { operation = "x" }) end,

  ["cognito.loop without a table"] = function() cognito.loop "x" end,
  ["cognito.loop, an unknown option"] = function() cognito.loop { x = 1 } end,
  ["loop.spawn"] = function() loop.spawn(nothing) end,
  ["loop:spawn without a function"] = function() loop:spawn(1) end,
  ["loop.sleep"] = function() loop.sleep(1) end,
  ["loop:sleep without a number"] = function() loop:sleep "1" end,
  ["loop.run"] = function() loop.run() end,
  ["loop.step"] = function() loop.step(0) end,
  ["loop:step without a number"] = function() loop:step() end,
  ["loop:step, a budget that is none"] = function() loop:step(0, -1) end,
  ["loop.pollfd"] = function() loop.pollfd() end,
  ["loop.events"] = function() loop.events() end,
  ["loop.timeout"] = function() loop.timeout() end,
  ["loop.stats"] = function() loop.stats() end,
  ["loop.close"] = function() loop.close() end,
  ["closed:spawn"] = function() closed:spawn(nothing) end,
  ["closed:sleep"] = function() closed:sleep(0) end,
  ["closed:run"] = function() closed:run() end,
  ["closed:step"] = function() closed:step(0) end,
  ["closed:pollfd"] = function() closed:pollfd() end,
  ["closed:events"] = function() closed:events() end,
  ["closed:timeout"] = function() closed:timeout() end,
  ["closed:stats"] = function() closed:stats() end,
  ["task.status"] = function() task.status() end,
  ["task.await"] = function() task.await() end,
  ["task.cancel"] = function() task.cancel() end,
  ["task.timeout"] = function() task.timeout(1) end,
  ["task:timeout without a number"] = function() task:timeout(0 / 0) end,
}

describe("the line of the call is blamed:", function()
  for name, mistake in pairs(mistakes) do
    it(name, function()
      local made_at = debug.getinfo(mistake, "S")
      local ok, message = pcall(mistake)
      assert.is_false(ok)
      local line = ("%s:%d: "):format(made_at.short_src, made_at.linedefined)
      assert.equal(line, message:sub(1, #line), message)
    end)
  end
end)
