-- A plan whose making is killed, wherever it was: planned again it goes on there,
-- and is the plan that it would have been; where anything differs it begins again.
local bulk = require "cognito.bulk"
local cognito = require "cognito"
local child = require "spec.support.child"
local helper = require "spec.support.bulk"
local process = require "spec.support.sandbox_process"

local USERS = 190 -- four pages
local AGAIN = 3 -- calls between two deaths

local CODE = [[
  local unpack = unpack or table.unpack
  local bulk, cognito, core = require "cognito.bulk", require "cognito", require "cognito.core"
  local url, id, client, key, secret, nth, options = unpack(arg)
  local pool = cognito.new { endpoint = url, user_pool_id = id, client_id = client,
    credentials = { access_key_id = key, secret_access_key = secret } }
  local given = assert((loadstring or load)("return " .. options))()
  local left = tonumber(nth)
  given.pool, given.look_up_rate = pool, 1000
  given.on_progress = function()
    left = left - 1
    if left == 0 then core.run { "sh", "-c", "kill -9 $PPID" } end
  end
  local job = assert(bulk.plan(given))
  job:close()
]]

describe("a plan that is killed in the making", function()
  local server, settings, pool
  local all_deaths = 0

  setup(function()
    helper.setup()
    server = process.start()
    settings = server.settings
    pool = cognito.new {
      endpoint = settings.url, user_pool_id = settings.COGNITO_USER_POOL_ID, client_id = settings.COGNITO_CLIENT_ID,
      credentials = {
        access_key_id = settings.AWS_ACCESS_KEY_ID, secret_access_key = settings.AWS_SECRET_ACCESS_KEY,
      },
    }
    for i = 1, USERS do
      server:post("/users", { username = "u" .. i, email = ("u%d@example.com"):format(i) })
    end
  end)

  teardown(function()
    server:stop()
    helper.teardown()
  end)

  local function killed(source, nth)
    local status, printed = child.run(CODE, nil, settings.url, settings.COGNITO_USER_POOL_ID,
      settings.COGNITO_CLIENT_ID, settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY, nth, source)
    assert(status == 137 or status == 0, printed)
    return status == 137
  end

  local function plan(source)
    local given = assert((rawget(_G, "loadstring") or load)("return " .. source))()
    given.pool, given.look_up_rate = pool, 1000
    local job, err = bulk.plan(given)
    assert(job, tostring(err))
    return job
  end

  -- All that a plan says of each user, but the times.
  local function lines(job)
    local list = {}
    for row in job:rows() do
      list[#list + 1] = ("%d %s %s %s %s %s %s"):format(row.id, row.username, tostring(row.sub), tostring(row.line),
        row.plan, tostring(row.reason), tostring(row.note))
    end
    return table.concat(list, "\n")
  end

  local function as_planned(job)
    local summary = assert(job:summary())
    assert(job:approve { plan = summary.plan })
    return { lines(job), summary.total, summary.duplicates, summary.unmatched, summary.unmatched_names }, summary
  end

  local function named(count, first)
    local names = { "username,mail" }
    for i = first or 1, count do names[#names + 1] = ("u%d,u%d@example.com"):format(i, i) end
    names[#names + 1] = "nobody,x@example.com\nu2,u2@example.com\n"
    return helper.file(("n%d.csv"):format(count), table.concat(names, "\n"))
  end

  -- `users` and what else the plan is made of; the journal's path is added.
  local function source(text)
    local path = helper.path()
    return ("{ journal = %q, action = 'lock', %s }"):format(path, text), path
  end

  local sources = {
    ["of the whole pool"] = function() return "users = { filter = '' }" end,
    ["of a few names"] = function() return ("users = %q"):format(named(3)) end,
    ["of names that are found in a listing"] = function() return ("users = %q"):format(named(20)) end,
    ["with addresses, and users to leave out"] = function()
      local left_out = helper.file("x.txt", "u5\nU7\nu9@example.com\nsomebody\n")
      return ("users = %q, exclude = %q, expect_email = 'mail', allow_unmatched = true"):format(named(9), left_out)
    end,
    ["of the whole pool, but for some"] = function()
      local left_out = helper.file("y.txt", "u5\nu128\nu9@example.com\n")
      return ("users = { filter = '' }, exclude = %q"):format(left_out)
    end,
  }

  for title, make in pairs(sources) do
    it("goes on where it was, and is the plan that it would have been: " .. title, function()
      local text = make()
      local whole = plan((source(text)))
      local expected, reference = as_planned(whole)
      local once, again = (source(text)), (source(text))
      local nth = 1
      while nth < 5 and killed(once, nth) do
        local job = plan(once)
        local found, summary = as_planned(job)
        assert.same(expected, found)
        assert.is_true(summary.resumed)
        -- The look-up that was under way is made again, and the noted ones are not.
        local calls = summary.calls.list_users + summary.calls.admin_get_user
        assert.is_true(calls <= reference.calls.list_users + reference.calls.admin_get_user + 1, calls)
        assert(job:purge())
        nth = nth + 1
      end
      assert.is_true(nth > 2, nth)
      local deaths = 0
      while deaths < 20 and killed(again, AGAIN) do deaths = deaths + 1 end
      assert.is_true(deaths < 20, deaths)
      all_deaths = all_deaths + deaths
      local job = assert(bulk.open { journal = again:match "journal = \"([^\"]*)\"", pool = pool })
      assert.same(expected, (as_planned(job)))
      assert.is_nil(job.journal:row "SELECT name FROM sqlite_master WHERE name IN ('candidates', 'people', 'matched')")
      assert.is_nil(job.journal:row "SELECT key FROM meta WHERE key LIKE 'planning_%'")
    end)
  end

  it("goes on after many deaths", function()
    assert.is_true(all_deaths > 2, all_deaths)
  end)

  local function interrupted(text)
    local all, path = source(text)
    assert.is_true(killed(all, 2))
    return all, path
  end

  it("begins again where the list is another one", function()
    local all = interrupted(("users = %q"):format(named(9)))
    local _ = named(9, 3)
    local job = plan(all)
    local rows = helper.rows(job)
    assert.is_nil(rows.u1)
    assert.is_truthy(rows.u9)
    assert.equal(9, assert(job:summary()).total) -- with u2, whose line comes last
    job:close()
  end)

  it("begins again where it is another plan", function()
    for _, change in ipairs { { "'lock'", "'disable'" }, { "filter = ''", "filter = 'username ^= \"u1\"'" },
      { "action", "sign_out = false, action" }, { "action", "older_than = '1s', action" } } do
      local all = interrupted "users = { filter = '' }"
      local job = plan((all:gsub(change[1], change[2], 1)))
      assert.is_false(assert(job:summary()).resumed)
      job:close()
    end
  end)

  it("reads all pages again where the service does not take its token any more", function()
    local all, path = interrupted "users = { filter = '' }"
    local journal = require("cognito.bulk.journal").open(path)
    assert.is_string(journal:get "planning_filter")
    journal:set("planning_filter", "stale")
    journal:close()
    local job = plan(all)
    local summary = assert(job:summary())
    assert.same({ true, USERS, 0 }, { summary.resumed, summary.total, summary.duplicates })
    job:close()
  end)

  it("is not gone on with while another process makes it", function()
    local all, path = interrupted "users = { filter = '' }"
    local journal = require("cognito.bulk.journal").open(path)
    assert.is_true(journal:lock())
    local given = assert((rawget(_G, "loadstring") or load)("return " .. all))()
    given.pool = pool
    local job, err = bulk.plan(given)
    assert.is_nil(job)
    assert.is_truthy(err.code == "journal_in_use" or err.code == "journal_exists", err.code)
    journal:close()
  end)
end)
