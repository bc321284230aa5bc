-- Limits belong to the job. After a stop at a daily limit of 50 the resumed job
-- once sent 200 messages in seconds.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local limits = require "cognito.bulk.limits"

describe("the limits of a job", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function planned(n)
    local box, pool = helper.world(n)
    local job = helper.plan(pool)
    assert(job:approve {})
    return job, box, pool
  end

  local function run(job, given)
    return assert(job:run(given))
  end

  it("hold for later runs, in another process and on another day", function()
    local job, box, pool = planned(30)
    assert.equal("daily_limit", run(job, { rate = 1000, daily_limit = 10 }).why)
    for sent = 10, 20, 10 do
      assert.equal(sent, #box.outbox)
      local path = helper.path_of(job)
      job:close()
      job = assert(bulk.open { journal = path, pool = pool })
      assert(job:resume())
      assert.same({ "daily_limit", sent }, { run(job, {}).why, #box.outbox })
      box:advance(25 * 3600)
      assert(job:resume())
      run(job, {})
    end
    assert.equal(30, #box.outbox)
    job:close()
  end)

  it("are all kept, shown, and changed only by another value, which is noted", function()
    local job = planned(4)
    local given = { daily_limit = 50, max_failures = 7, max_sms = 9, builtin_mail = true, concurrency = 3, lease = 60,
      settle = 2.5, client_metadata = { b = "2", a = "1" } }
    run(job, { rate = 1000, limit = 1, daily_limit = given.daily_limit, max_failures = given.max_failures,
      max_sms = given.max_sms, builtin_mail = true, concurrency = 3, lease = 60, settle = 2.5,
      client_metadata = given.client_metadata })
    assert.same(given, job:status().limits)
    assert(job:resume())
    run(job, { limit = 1 })
    assert.same(given, job:status().limits)
    assert.same({}, limits.changes(job.journal))
    assert(job:resume())
    run(job, { limit = 1, daily_limit = 0, builtin_mail = false, rate = 2000, client_metadata = {}, by = "ada" })
    given.daily_limit, given.builtin_mail, given.client_metadata = 0, false, nil
    assert.same(given, job:status().limits)
    local changes = {}
    for _, change in ipairs(limits.changes(job.journal)) do
      changes[change.name] = { change.was, change.became, change.by }
      assert.is_number(change.at)
    end
    assert.same({
      daily_limit = { "50", "0", "ada" }, builtin_mail = { "true", "false", "ada" }, rate = { "1000", "2000", "ada" },
      client_metadata = { "a b", nil, "ada" },
    }, changes)
    local pieces = {}
    assert(job:report(function(piece) pieces[#pieces + 1] = piece end))
    local text = table.concat(pieces)
    assert.truthy(text:find("name=daily_limit, was=50, became=0, by=ada", 1, true), text)
    assert.truthy(text:find("max_failures=7", 1, true), text)
    job:close()
  end)

  it("are the usual ones where no run was given any, and what is given now counts before what is kept", function()
    local job = planned(1)
    local usual = { concurrency = 8, max_failures = 100, lease = 600, settle = 30, builtin_mail = false }
    assert.same(usual, limits.of(job.journal))
    limits.keep(job.journal, { concurrency = 2, client_metadata = { a = "1" } },
      { at = 1, by = "ada", endpoint = job.journal:get "endpoint" })
    usual.concurrency, usual.client_metadata = 2, { a = "1" }
    assert.same(usual, limits.of(job.journal))
    assert.same({ concurrency = "2", max_failures = "100", lease = "600", settle = "30", builtin_mail = "false",
      client_metadata = "a" }, limits.shown(job.journal))
    usual.concurrency = 5
    assert.same(usual, limits.of(job.journal, { concurrency = 5, rate = 7 }))
    usual.rate = 7
    assert.same(usual, limits.complete(job.journal, { concurrency = 5, rate = 7 }))
    job:close()
  end)

  it("are not kept by a run that was refused", function()
    local box, pool = helper.world()
    for i = 1, 3 do box:add_user { username = "p" .. i, phone_number = "+493" .. i } end
    local job = helper.plan(pool)
    assert.equal("max_sms", select(2, job:run { yes = true, max_sms = 2 }).code)
    assert.is_nil(job:status().limits.max_sms)
    job:close()
  end)

  it("are those of every worker: one that runs follows a change", function()
    local job, box = planned(60)
    local status = run(job, { rate = 10, at = function(step)
      if step == "called" and #box.outbox == 5 then job.journal:set("limit_daily_limit", 20) end
    end })
    assert.same({ "daily_limit", 20 }, { status.why, #box.outbox })
    job:close()
  end)

  it("include the endpoint: a client that calls another one is refused unless it names it", function()
    local job, box = planned(2)
    local url = job.journal:get "endpoint"
    assert.equal(url, job:status().endpoint)
    job.journal:set("endpoint", "https://elsewhere.example/")
    if job.pool:describe().settings.endpoint.source == "settings" then
      assert.equal(2, run(job, { rate = 1000 }).accepted)
      assert.same({ "endpoint", "https://elsewhere.example/", url }, { limits.changes(job.journal)[1].name,
        limits.changes(job.journal)[1].was, limits.changes(job.journal)[1].became })
    end
    local silent = { describe = function() return { url = url, settings = {} } end }
    job.journal:set("endpoint", "https://elsewhere.example/")
    local ok, err = pcall(limits.check_endpoint, job.journal, silent)
    assert.is_false(ok)
    assert.equal("endpoint_changed", err.code)
    assert.equal(2, #box.outbox)
    job:close()
  end)
end)
