-- `cognito bulk run --metrics` and `--wait`: numbers for Prometheus, and a run that
-- goes on when the daily limit allows it.

local errors = require "cognito.errors"
local helper = require "spec.support.bulk"
local here = require "spec.support.cli_bulk"
local metrics = require "cognito.cli.bulk.metrics"
local stop = require "cognito.cli.stop"
local wait = require "cognito.cli.bulk.wait"
local work = require "cognito.cli.bulk.work"

local done, plan, run = here.done, here.plan, here.run

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local counts = { planned = 1, started = 0, accepted = 2, still_signed_in = 0, failed = 3, skipped = 0, uncertain = 0,
  rate = 2.5, failed_by_code = { b = 1, ["a\"\\\n"] = 2 } }

-- The grammar of the text format, version 0.0.4, as far as gauges go.
local function check(text)
  local typed, seen = {}, {}
  assert.equal("\n", text:sub(-1))
  for line in text:gmatch "([^\n]*)\n" do
    local name = line:match "^# TYPE ([%a_:][%w_:]*) gauge$"
    if name then
      assert.is_nil(typed[name], name)
      typed[name] = true
    elseif not line:find "^# HELP [%a_:][%w_:]* %S" then
      local labels, value
      name, labels, value = line:match "^([%a_:][%w_:]*){(.*)} (%S+)$"
      assert.is_true(typed[name], line)
      assert.is_number(tonumber(value), line)
      local left = labels:gsub("\\[\\\"n]", ""):gsub('[%a_][%w_]*="[^"\\]*",?', "")
      assert.equal("", left, line)
      assert.is_nil(seen[name .. labels], line)
      seen[name .. labels] = true
    end
  end
  return text
end

describe("the numbers of a run", function()
  it("are text of Prometheus' format, whatever stands in labels and whatever the locale", function()
    local facts = { job = "j", action = "reset", pool = 'p"\\\n' }
    local text = check(metrics.text(facts, counts, { running = false, state = "paused", why = "limit", now = 1.5 }))
    local labels = [[job="j",action="reset",pool="p\"\\\n"]]
    for _, line in ipairs {
      "cognito_bulk_users{" .. labels .. ',outcome="failed"} 3', "cognito_bulk_rate{" .. labels .. "} 2.5",
      "cognito_bulk_failures{" .. labels .. [[,code="a\"\\\n"} 2]], "cognito_bulk_running{" .. labels .. "} 0",
      "cognito_bulk_ended{" .. labels .. ',state="paused",why="limit"} 1',
      "cognito_bulk_updated_timestamp_seconds{" .. labels .. "} 1.5",
    } do
      assert.truthy(text:find("\n" .. line .. "\n", 1, true), line .. "\n\n" .. text)
    end
  end)

  it("tell the time to the second and better", function()
    local facts = { job = "j", action = "reset", pool = "p" }
    local text = check(metrics.text(facts, counts, { running = true, now = 1795811169.25 }))
    assert.truthy(text:find("_timestamp_seconds{[^}]*} 1795811169%.25\n"), text)
  end)

  it("that cannot be written are noted once", function()
    local notes = {}
    local console = { tell = function(_, format, ...) notes[#notes + 1] = format:format(...) end }
    local numbers = metrics.new("/no/such/folder/x.prom", { job = "j", action = "lock", pool = "p" }, console)
    numbers:show(counts)
    numbers:show(counts)
    assert.equal(1, #notes)
    assert.matches("^note: the file /no/such/folder/x.prom of %-%-metrics cannot be written: ", notes[1])
  end)

  -- Only looked at: a run of root's would replace it.
  -- They once said for ever that the run goes on.
  it("say that an error ended the run, with the last ones that there were", function()
    local path = os.tmpname()
    local numbers = metrics.new(path, { job = "j", action = "lock", pool = "p" }, {})
    numbers:fail "journal_locked"
    assert.equal("", read(path))
    numbers:show(counts)
    numbers:fail "journal_away"
    local text = check(read(path))
    for _, line in ipairs { "cognito_bulk_running{[^}]*} 0", "cognito_bulk_in_flight{[^}]*} 0",
      'outcome="accepted"} 2', 'state="error",why="journal_away"} 1' } do
      assert.matches(line .. "\n", text)
    end
    assert.is_nil(counts.in_flight)
    os.remove(path)
  end)

  it("take the place of no device", function()
    for _, path in ipairs { "/dev/null", "/dev/full" } do
      assert.is_false((pcall(metrics.check, { metrics = path }, nil)), path)
    end
    assert.is_true((pcall(metrics.check, { metrics = "/no/such/file" }, nil)))
  end)

  it("are never half a file to a reader", function()
    local path = os.tmpname()
    local numbers = metrics.new(path, { job = "j", action = "lock", pool = "p" }, {})
    numbers:show(counts)
    local first = assert(io.open(path, "rb"))
    local start = first:read(10)
    counts.accepted = 777
    numbers:show(counts)
    local rest = first:read "*a" -- of the file that was opened, which has lost its name
    first:close()
    counts.accepted = 2
    check(start .. rest)
    assert.is_nil(rest:find("777", 1, true))
    assert.truthy(check(read(path)):find("777", 1, true))
    os.remove(path)
  end)
end)

describe("a run with --metrics", function()
  setup(here.setup)
  teardown(here.teardown)
  before_each(here.before_each)
  after_each(here.after_each)

  it("leaves its last numbers, of a hold and of the end", function()
    local path = os.tmpname()
    plan "lock"
    local _, err = done("run", { "--yes", "--limit", "3", "--hold", "--rate", "1000", "--metrics", path })
    assert.truthy(check(read(path)):find(',outcome="accepted"} 3\n', 1, true))
    assert.truthy(read(path):find('state="held",why="limit"} 1\n', 1, true))
    assert.truthy(err:find("next: cognito bulk resume --metrics " .. path, 1, true), err)
    done("resume", { "--metrics", path })
    assert.truthy(check(read(path)):find(',outcome="accepted"} 12\n', 1, true))
    assert.truthy(read(path):find('state="done",why="done"} 1\n', 1, true))
    os.remove(path)
  end)

  -- The journal's place would be taken by the numbers, and nothing known of who was sent what.
  it("refuses to replace the journal, what lies beside it, and any other file", function()
    plan "lock"
    local other = require("spec.support.process").write "username\nada\n"
    local before = read(here.journal)
    for _, path in ipairs { here.journal, here.journal .. ".lock", here.journal .. "-wal", other, "." } do
      local result = run("run", { "--yes", "--rate", "1000", "--metrics", path })
      assert.equal(2, result.status, result.err)
      assert.truthy(result.err:find("is something else, which the numbers would replace", 1, true), result.err)
    end
    assert.equal("username\nada\n", read(other))
    assert.equal(before, read(here.journal))
    os.remove(other)
    done("run", { "--yes", "--rate", "1000" })
  end)

  it("leaves them with the error that ended it", function()
    local path = os.tmpname()
    local job = { facts = { job = "j", action = "lock", pool = "p" } }
    function job.run(_, given)
      given.on_progress(counts)
      return nil, errors.new { code = "journal_away", kind = "bulk", message = "away" }
    end
    local console = setmetatable({}, { __index = function() return function() end end })
    local args = { metrics = path, journal = "/no/journal", by = "ada", client_metadata = {} }
    local ok, err = pcall(work.run, job, args, console)
    assert.same({ false, "journal_away" }, { ok, stop.is(err) and err.err.code })
    assert.truthy(read(path):find('state="error",why="journal_away"} 1\n', 1, true))
    os.remove(path)
  end)

  it("is no worse off where the file cannot be written", function()
    plan "lock"
    local result = run("run", { "--yes", "--rate", "1000", "--metrics", "/no/such/folder/x.prom" })
    assert.equal(0, result.status, result.err)
    assert.equal(1, select(2, result.err:gsub("note: the file", "")))
  end)

  it("refuses --wait beside --limit", function()
    plan "lock"
    local result = run("run", { "--yes", "--wait", "--limit", "3" })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("--wait does not go with --limit", 1, true), result.err)
  end)
end)

describe("waiting for the daily limit", function()
  local box, pool, job, console, told, world, looks

  local function look(status)
    looks[#looks + 1] = status
  end

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    box, pool = helper.world(5)
    job = helper.plan(pool)
    told, looks = {}, {}
    console = { tell = function(_, format, ...) told[#told + 1] = format:format(...) end }
    world = {
      now = function() return box:now() end, sleep = function(seconds) box:advance(seconds * 600) end,
      caught_signal = function() end,
    }
  end)

  local function exhaust()
    local status = helper.run(job, { daily_limit = 2 })
    assert.same({ "paused", "daily_limit", 2 }, { status.state, status.why, status.accepted })
    return status
  end

  it("goes on when the first messages count no more, day after day", function()
    local status, days = exhaust(), 0
    while wait.on({ wait = true }, console, job, status, look, world) do
      days = days + 1
      assert(job:resume())
      status = assert(job:run { rate = 1000 })
    end
    assert.same({ "done", 5, 2 }, { status.state, status.accepted, days })
    assert.equal(5, box:executions "admin_reset_user_password")
    assert.matches("^the daily limit is used up: waiting until %d%d%d%d%-", told[1])
    assert.is_nil(status.daily_limit_until)
    assert.is_true(#looks > 2 * days) -- so a file of numbers stays fresh
    assert.same({ "paused", 2, 3 }, { looks[1].state, looks[1].accepted, looks[1].planned })
  end)

  it("ends with a signal, and with an order", function()
    local status = exhaust()
    world.caught_signal = function() return 2 end
    assert.is_false(wait.on({ wait = true }, console, job, status, look, world))
    world.caught_signal = function() end
    local sleep = world.sleep
    world.sleep = function(seconds)
      sleep(seconds)
      if job:status().state ~= "cancelled" then assert(job:cancel()) end
    end
    assert.is_false(wait.on({ wait = true }, console, job, status, look, world))
    assert.equal(2, box:executions "admin_reset_user_password")
  end)

  it("is for no other end, and only where it is asked for", function()
    assert.is_false(wait.on({}, console, job, exhaust(), look, world))
    assert.is_false(wait.on({ wait = true }, console, job, { why = "max_failures" }, look, world))
    assert.same({}, told)
  end)

  it("lets messages out at the moment that the status names, and no second sooner", function()
    local status = exhaust()
    box:advance(status.daily_limit_until - box:now() - 5)
    assert(job:resume())
    assert.equal(2, assert(job:run { rate = 1000 }).accepted)
    box:advance(6)
    assert(job:resume())
    assert.equal(4, assert(job:run { rate = 1000 }).accepted)
  end)
end)
