-- A rotation of the client secret that dies wherever it can, and is run again.

local cognito = require "cognito"
local process = require "spec.support.process"
local native = require "cognito.native"
local rotation = require "cognito.cli.rotation"
local sandbox = require "cognito.sandbox"

local KILLED = {} -- what is raised in place of the process's end

local folder, box, settings, calls

before_each(function() folder = process.output_of "mktemp -d":match "%C+" end)
after_each(function() process.output_of("rm -r '" .. folder .. "'") end)

local function content()
  local file = io.open(folder .. "/secret")
  local text = file and file:read "*a"
  if file then file:close() end
  return text
end

-- A runtime of the box that ends the process at its n-th request.
local function runtime(kill_at, after)
  return {
    send = function(_, request, options)
      calls = calls + 1
      if calls == kill_at and not after then error(KILLED, 0) end
      local response, err = box:send(request, options)
      if calls == kill_at then error(KILLED, 0) end
      return response, err
    end,
    sleep = function(_, seconds) box:sleep(seconds) end,
    now = function() return box:now() end,
    clock = function() return box:clock() end,
  }
end

local function run(kill_at, after)
  calls = 0
  local given = {}
  for name, value in pairs(settings) do given[name] = value end
  given.runtime = runtime(kill_at, after)
  return pcall(function()
    return rotation.new({
      pool = cognito.new(given), path = folder .. "/secret", report = function() end,
      ids = { user_pool_id = settings.user_pool_id, client_id = settings.client_id },
      now = function() return box:now() end, sleep = function(seconds) box:advance(seconds) end,
    }):run(60)
  end)
end

local function works(secret)
  if not secret then return false end
  local _, err = cognito.new(settings):with({ client_secret = secret }):confirm_sign_up {
    username = "nobody", confirmation_code = "1" }
  return err.reason ~= "secret_hash"
end

local function start()
  box = sandbox.new()
  settings = box:settings()
  process.output_of("rm -f '" .. folder .. "'/*")
end

-- Programs have the old secret until the new one is in the file.
local function check_alive(story)
  assert.is_true(works(settings.client_secret) or works(content()), story)
end

local function check_ended(story)
  local ok, ended, secret = run()
  assert.is_true(ok, story .. ": " .. tostring(type(ended) == "table" and ended.err and ended.err.message or ended))
  assert.is_true(ended, story)
  assert.equal(content(), secret, story)
  assert.is_true(works(secret), story)
  assert.is_false(works(settings.client_secret), story)
  assert.is_nil(io.open(folder .. "/secret.rotation"), story)
  assert.equal(1, box:executions "add_user_pool_client_secret", story)
  assert.equal(1, box:executions "delete_user_pool_client_secret", story)
  assert.equal(0, #box.outbox)
end

describe("a rotation of the client secret", function()
  for _, after in ipairs { false, true } do
    it("goes on after a kill at any call, " .. (after and "after" or "before") .. " it was carried out", function()
      local places = 0
      local ok, why
      repeat
        places = places + 1
        start()
        ok, why = run(places, after)
        local story = "killed at call " .. places
        assert.is_true(ok or why == KILLED, story)
        check_alive(story)
        if not ok then check_ended(story) end
      until ok
      assert.is_true(places > 6, places)
    end)
  end

  it("goes on after a kill at any file", function()
    local write, places = native.write_private, 0
    local ok
    finally(function() native.write_private = write end)
    repeat
      places = places + 1
      start()
      local n = 0
      native.write_private = function(...)
        n = n + 1
        if n == places then error(KILLED, 0) end
        return write(...)
      end
      ok = run()
      native.write_private = write
      check_alive("killed at file " .. places)
      if not ok then check_ended("killed at file " .. places) end
    until ok
    assert.is_true(places > 3, places)
  end)
end)
