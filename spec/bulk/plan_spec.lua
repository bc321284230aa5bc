-- From users to rows: who is looked up how, who is skipped and why, and that
-- nothing is done meanwhile.
local bulk = require "cognito.bulk"
local cognito = require "cognito"
local helper = require "spec.support.bulk"

local plan, outcomes = helper.plan, helper.outcomes

local function summary_of(job)
  return assert(job:summary())
end

local function fails(code, given)
  local job, err = bulk.plan(given)
  assert.is_nil(job)
  assert.equal(code, err.code, err)
  return err
end

local function exists(path)
  local file = io.open(path)
  return file ~= nil and file:close()
end

-- One user in every state that there is.
local function all_kinds(options)
  local box, pool = helper.world(0, options)
  for _, user in ipairs {
    { username = "fine", email = "fine@example.com" },
    { username = "reset", email = "reset@example.com", status = "RESET_REQUIRED" },
    { username = "new", email = "new@example.com", status = "UNCONFIRMED" },
    { username = "new-mute", status = "UNCONFIRMED" },
    { username = "invited", email = "invited@example.com", status = "FORCE_CHANGE_PASSWORD" },
    { username = "invited-by-text", phone_number = "+4930", status = "FORCE_CHANGE_PASSWORD" },
    { username = "invited-mute", status = "FORCE_CHANGE_PASSWORD" },
    { username = "federated", email = "federated@example.com", status = "EXTERNAL_PROVIDER" },
    { username = "off", email = "off@example.com", enabled = false },
    { username = "unverified", email = "unverified@example.com", email_verified = false },
    { username = "mute" },
    { username = "text", phone_number = "+4940", email = "text@example.com" },
  } do
    box:add_user(user)
  end
  return box, pool
end

describe("a plan", function()
  setup(helper.setup)
  teardown(helper.teardown)

  describe("skips those that the action is not for:", function()
    local skipped = {
      ["reset"] = {
        fine = "planned", text = "planned", reset = "already_reset", new = "unconfirmed",
        ["new-mute"] = "unconfirmed", invited = "never_signed_in", ["invited-by-text"] = "never_signed_in",
        ["invited-mute"] = "never_signed_in", federated = "external_provider", off = "disabled",
        unverified = "no_verified_contact", mute = "no_verified_contact",
      },
      ["lock"] = {
        fine = "planned", text = "planned", reset = "planned", new = "unconfirmed",
        ["new-mute"] = "unconfirmed", invited = "planned", ["invited-by-text"] = "planned",
        ["invited-mute"] = "planned", federated = "external_provider", off = "disabled",
        unverified = "planned", mute = "planned",
      },
      ["resend"] = {
        fine = "confirmed", text = "confirmed", reset = "confirmed", new = "planned",
        ["new-mute"] = "no_contact", invited = "invited", ["invited-by-text"] = "invited",
        ["invited-mute"] = "invited", federated = "external_provider", off = "disabled",
        unverified = "confirmed", mute = "confirmed",
      },
      ["invite"] = {
        fine = "confirmed", text = "confirmed", reset = "confirmed", new = "unconfirmed",
        ["new-mute"] = "unconfirmed", invited = "planned", ["invited-by-text"] = "planned",
        ["invited-mute"] = "no_contact", federated = "external_provider", off = "disabled",
        unverified = "confirmed", mute = "confirmed",
      },
    }
    skipped["set-password"] = skipped.lock

    for action, expected in pairs(skipped) do
      it(action, function()
        local _, pool = all_kinds()
        assert.same(expected, outcomes(plan(pool, { action = action })))
      end)
    end
  end)

  it("tells in numbers what will happen, and by which medium", function()
    local _, pool = all_kinds()
    local job = plan(pool)
    local summary = summary_of(job)
    assert.same({ 12, 2, 10 }, { summary.total, summary.act, summary.skip })
    assert.same({ act = 2, skip = 3 }, summary.by_status.CONFIRMED)
    assert.same({ EMAIL = 1, SMS = 1 }, summary.by_medium)
    assert.equal(2, summary.by_reason.no_verified_contact)
    assert.same({ list_users = 1, admin_get_user = 0 }, summary.calls)
    assert.equal(64, #summary.plan)
    assert.equal("planned", assert(job:status()).state)
  end)

  it("follows the pool's recovery setting", function()
    local function mediums(options)
      local _, pool = all_kinds(options)
      return summary_of(plan(pool)).by_medium
    end
    assert.same({ EMAIL = 2 }, mediums { recovery = "verified_email_first" })
    assert.same({ SMS = 1 }, mediums { recovery = "verified_phone_number" })
    assert.same({ EMAIL = 2 }, mediums { recovery = "verified_email" })
    assert.same({ EMAIL = 1, none = 1 }, mediums { auto_verified_attributes = { "email" } })
  end)

  it("resets users again who were reset, when it is set so", function()
    local _, pool = all_kinds()
    assert.equal("planned", outcomes(plan(pool, { again = true })).reset)
  end)

  it("does nothing to any user", function()
    local box, pool = helper.world(3)
    plan(pool)
    assert.equal(0, #box.outbox)
    for operation in pairs(box:executions()) do
      assert.is_true(operation == "list_users" or operation == "describe_user_pool", operation)
    end
  end)

  describe("from the pool", function()
    it("takes those that the filter finds, over pages", function()
      local box, pool = helper.world(150)
      box:add_user { username = "new", status = "UNCONFIRMED", email = "new@example.com" }
      local job = plan(pool, { users = { filter = 'cognito:user_status = "CONFIRMED"' } })
      assert.equal(150, summary_of(job).total)
      assert.equal(3, box:executions "list_users")
    end)

    it("goes on after an empty page, and stops at one that comes twice", function()
      local pages = {
        '{"Users":[],"PaginationToken":"a"}', '{"PaginationToken":"b"}',
        '{"Users":[{"Username":"u","UserStatus":"CONFIRMED","Enabled":true}],"PaginationToken":"c"}', "{}",
      }
      local calls = 0
      local pool = cognito.new {
        user_pool_id = "eu-west-1_Ab12Cd34E", credentials = { access_key_id = "AKID", secret_access_key = "secret" },
        runtime = {
          send = function()
            calls = calls + 1
            return { status = 200, headers = {}, body = pages[calls] }
          end,
          sleep = function() end,
        },
      }
      local users = {}
      for user in bulk.users(pool) do users[#users + 1] = user.username end
      assert.same({ "u" }, users)
      assert.equal(4, calls)
      pages, calls = { '{"PaginationToken":"a"}', '{"PaginationToken":"a"}', "{}" }, 0
      local ok, err = pcall(function() for _ in bulk.users(pool) do end end) -- luacheck: ignore 542
      assert.is_false(ok)
      assert.equal("repeated_token", err.code)
      assert.equal(2, calls)
    end)
  end)

  describe("from names", function()
    it("knows a person under username, sub and address as one", function()
      local box, pool = helper.world(0, { alias_attributes = { "email", "phone_number", "preferred_username" } })
      local ada = box:add_user {
        username = "ada", email = "ada@example.com", phone_number = "+4930",
        attributes = { preferred_username = "countess" },
      }
      for i = 1, 500 do box:add_user { username = "u" .. i } end
      local names = { "ada", ada.attributes.sub, "ada@example.com", "+4930", "countess", "ada", "u1" }
      local job = plan(pool, { users = names, action = "lock" })
      local summary = summary_of(job)
      assert.same({ 2, 5 }, { summary.total, summary.duplicates })
      assert.equal(1, helper.rows(job).ada.line)
      assert.equal(0, summary.calls.admin_get_user)
    end)

    it("looks up one by one, or reads the whole pool, whichever takes fewer calls", function()
      local box, pool = helper.world(600)
      local few, many = {}, {}
      for i = 1, 3 do few[i] = "u" .. i end
      for i = 1, 300 do many[i] = "u" .. i * 2 end
      local job = plan(pool, { users = few })
      assert.same({ 3, 3 }, { box:executions "list_users", summary_of(job).calls.list_users })
      job = plan(pool, { users = many })
      assert.same({ 13, 10 }, { box:executions "list_users", summary_of(job).calls.list_users })
      assert.equal(300, summary_of(job).act)
    end)

    it("finds the same, whichever way", function()
      local box, pool = helper.world(600)
      box:add_user { username = "odd one", email = 'a"b@example.com' }
      box:add_user { username = "back\\slash", email = "b@example.com" }
      box:add_user { username = "twin1", email = "twin@example.com", email_verified = false }
      box:add_user { username = "twin2", email = "twin@example.com", email_verified = false }
      box:add_user { username = "owner", email = "mine@example.com" }
      box:add_user { username = "squatter", email = "mine@example.com", email_verified = false }
      box:add_user { username = "namesake", email = "Mine@Example.com" } -- filters ignore case, this pool does not
      local names = { "u1", "u2@example.com", "nobody", 'a"b@example.com', "back\\slash", "twin@example.com",
        "mine@example.com", "U3", "U4@EXAMPLE.COM" }
      local one_by_one = plan(pool, { users = names })
      assert.is_true(summary_of(one_by_one).calls.list_users > #names)
      for i = 1, 130 do names[#names + 1] = "nobody" .. i end
      local whole = plan(pool, { users = names })
      assert.equal(11, summary_of(whole).calls.list_users)
      local found = outcomes(whole)
      for i = 1, 130 do
        assert.equal("unknown_user", found["nobody" .. i])
        found["nobody" .. i] = nil
      end
      assert.same({
        u1 = "planned", u2 = "planned", nobody = "unknown_user", ["odd one"] = "planned",
        ["back\\slash"] = "planned", ["twin@example.com"] = "ambiguous", owner = "planned", U3 = "unknown_user",
        ["U4@EXAMPLE.COM"] = "unknown_user",
      }, found)
      assert.same(found, outcomes(one_by_one))
    end)

    it("asks AdminGetUser only where ListUsers cannot tell, and says how often", function()
      local _, pool = helper.world(130, { case_sensitive = false, alias_attributes = { "email" } })
      local job = plan(pool, { users = { "u1", "U2" } })
      assert.same({ u1 = "planned", u2 = "planned" }, outcomes(job))
      assert.equal(1, summary_of(job).calls.admin_get_user)
      assert.same({ u7 = "planned" }, outcomes(plan(pool, { users = { "U7", "u7", "U7@EXAMPLE.com" } })))
    end)

    it("takes users whom the program has chosen from the pool", function()
      local box, pool = helper.world(100)
      local iterate = bulk.users(pool)
      local job = plan(pool, { users = function()
        for user in iterate do
          if user.attributes.email:find "7@" then return user end
        end
      end })
      assert.equal(10, summary_of(job).act)
      assert.equal(2, box:executions "list_users")
    end)

    it("skips users with another address than expected", function()
      local _, pool = helper.world(4)
      local path = helper.file("users.csv",
        "username,mail\nu1,U1@Example.com\nu2,other@example.com\nu3,\nu4, u4@example.com\n")
      local job = plan(pool, { users = path, expect_email = "mail" })
      assert.same({ u1 = "planned", u2 = "email_changed", u3 = "email_changed", u4 = "planned" }, outcomes(job))
    end)
  end)

  it("leaves out excluded users, under any name", function()
    local box, pool = helper.world(6)
    local sub = box:user("u3").attributes.sub
    local path = helper.file("exclude.txt", "u1\nu2@example.com\n" .. sub .. "\n")
    local expected = { u1 = "excluded", u2 = "excluded", u3 = "excluded", u4 = "planned" }
    assert.same(expected, outcomes(plan(pool, { users = { "u1", "u2", "u3", "u4" }, exclude = path })))
    local all = outcomes(plan(pool, { exclude = path }))
    for name, outcome in pairs(expected) do assert.equal(outcome, all[name]) end
  end)

  it("is frozen: its hash follows from its rows", function()
    local box, pool = helper.world(3)
    local job = plan(pool)
    local hash = summary_of(job).plan
    assert.equal(hash, summary_of(job).plan)
    box:add_user { username = "late", email = "late@example.com" }
    assert.equal(hash, summary_of(job).plan)
    assert.not_equal(hash, summary_of(plan(pool)).plan)
    job.journal:run("UPDATE users SET username = 'mallory' WHERE username = 'u2'")
    local approved, err = job:approve { plan = hash }
    assert.is_nil(approved)
    assert.equal("plan_changed", err.code)
    job.journal:run("UPDATE users SET username = 'u2' WHERE username = 'mallory'")
    assert(job:approve { plan = hash })
    job.journal:run("UPDATE users SET plan = 'act', state = 'planned', username = 'late' WHERE username = 'u3'")
    assert.equal("plan_changed", select(2, job:run {}).code)
    assert.equal(0, #box.outbox)
  end)

  it("is approved by the hash that was looked at", function()
    local _, pool = helper.world(1)
    local job = plan(pool)
    local _, err = job:approve { plan = ("0"):rep(64) }
    assert.equal("plan_changed", err.code)
    assert.is_true(assert(job:approve { plan = summary_of(job).plan, by = "ada" }))
    assert.equal("approved", assert(job:status()).state)
  end)

  describe("is refused, and leaves no journal,", function()
    it("for a file that is wrong", function()
      local _, pool = helper.world(1)
      local journal = helper.path()
      local given = { pool = pool, journal = journal, action = "reset", users = helper.file("a.csv", "name\nada\n") }
      assert.equal(1, fails("invalid_input", given).line)
      assert.is_false(exists(journal))
      given.users = { "u1" }
      assert(bulk.plan(given))
    end)

    it("for a source that raises", function()
      local _, pool = helper.world(1)
      local given = { pool = pool, journal = helper.path(), action = "reset", users = function() error "oh" end }
      assert.error_matches(function() bulk.plan(given) end, "oh")
      given.users = { "u1" }
      assert(bulk.plan(given))
    end)

    it("in a pool whose users only administrators recover", function()
      local _, pool = helper.world(1, { recovery = "admin_only" })
      fails("admin_only", { pool = pool, journal = helper.path(), action = "reset", users = { filter = "" } })
      assert.equal(1, summary_of(plan(pool, { action = "lock" })).act)
    end)

    it("with an endpoint that the program did not name", function()
      local box = helper.world(1)
      local settings = box:settings()
      local endpoint = settings.endpoint
      settings.endpoint = nil
      settings.env = function(name) return name == "AWS_ENDPOINT_URL" and endpoint or nil end
      local journal = helper.path()
      local err = fails("endpoint_from_environment",
        { pool = cognito.new(settings), journal = journal, action = "lock", users = { filter = "" } })
      assert.equal(("the endpoint %s comes from AWS_ENDPOINT_URL"):format(endpoint), err.message)
      assert.is_false(exists(journal))
    end)

    it("when the service refuses", function()
      local box, pool = helper.world(1)
      local given = { pool = pool, journal = helper.path(), action = "reset", users = { filter = "bad" } }
      fails("InvalidParameterException", given)
      box:misbehave { operation = "describe_user_pool", what = "error", code = "AccessDeniedException" }
      given.users = { filter = "" }
      fails("AccessDeniedException", given)
      assert.is_false(exists(given.journal))
    end)

    it("with an action that there is not", function()
      local _, pool = helper.world(1)
      fails("invalid_input", { pool = pool, journal = helper.path(), action = "delete", users = { filter = "" } })
      assert.error_matches(function() bulk.plan { pool = pool, journal = "x", action = "reset" } end,
        "plan needs users")
      assert.error_matches(function() bulk.plan { jurnal = "x" } end, "did you mean 'journal'")
    end)
  end)

  -- 600 users are ten pages, each of which waits by the rate.
  describe("paces its look-ups by what the service bears:", function()
    local function waits(more, order)
      local box, pool = helper.world(600)
      local times, told, clock = {}, 0, 0
      local runtime = setmetatable({}, { __index = box })
      function runtime:clock() return clock end -- luacheck: no self
      function runtime:sleep(seconds) -- luacheck: no self
        clock = clock + seconds
        return true
      end
      function runtime:send(request, options) -- luacheck: no self
        for _, header in ipairs(request.headers) do
          if header[2]:find "ListUsers$" then times[#times + 1] = clock end
        end
        return box:send(request, options)
      end
      pool = pool:with { runtime = runtime, on_attempt = function() told = told + 1 end }
      if order then box:misbehave(order) end
      plan(pool, more)
      assert.is_true(told > #times)
      local between = {}
      for i = order and 4 or 3, #times do between[#between + 1] = times[i] - times[i - 1] end
      return between -- from the second look-up on, which waits as the first does not
    end

    it("at the rate that it was given", function()
      for _, seconds in ipairs(waits { look_up_rate = 2 }) do assert.near(0.5, seconds, 1e-9) end
    end)

    it("at half of it after a throttle, and faster again from then on", function()
      local between = waits({ look_up_rate = 2 }, { operation = "list_users", what = "throttle", times = 1 })
      assert.near(1, between[1], 0.06)
      for i = 2, #between do
        assert.is_true(between[i] <= between[i - 1] + 1e-6 and between[i] > 0.5, between[i])
      end
      assert.is_true(between[#between] < between[1] - 0.05, between[#between])
    end)
  end)
end)
