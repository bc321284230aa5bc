-- Users who come from an earlier job: from its journal, or from its report.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"

local RESET = "admin_reset_user_password"

describe("users from an earlier job", function()
  local box, pool, earlier, path

  setup(helper.setup)
  teardown(helper.teardown)

  -- u1 accepted, u2 uncertain, u3 failed, u4 still signed in, u5 skipped, and a
  -- name that was never anybody's.
  before_each(function()
    box, pool = helper.world(4)
    box:add_user { username = "u5", email = "u5@example.com", enabled = false }
    local job = helper.plan(pool, { users = { "u1", "u2", "u3", "u4", "u5", "nobody" } })
    assert(job:run { yes = true, rate = 1000, limit = 1 })
    for id, state in pairs { [2] = "uncertain", [3] = "failed", [4] = "accepted" } do
      job.journal:run("UPDATE users SET state = ? WHERE id = ?", state, id)
    end
    job.journal:run "UPDATE users SET sign_out = 'failed' WHERE id = 4"
    earlier, path = job, helper.path_of(job)
  end)

  after_each(function() earlier:close() end)

  local function names(job)
    local list = {}
    for row in job:rows() do list[#list + 1] = row.username .. "=" .. (row.reason or "act") end
    return table.concat(list, " ")
  end

  local function from_journal(outcome, given)
    given = given or {}
    given.action, given.users = "lock", { journal = given.from or path, outcome = outcome }
    given.from = nil
    return helper.plan(pool, given)
  end

  local function report(format)
    local parts = {}
    assert(earlier:report(function(piece) parts[#parts + 1] = piece end, { format = format }))
    return helper.file("report-" .. format .. "." .. format, table.concat(parts))
  end

  it("are those whose outcome is named", function()
    assert.equal("u2=act u3=act", names(from_journal { "failed", "uncertain" }))
    assert.equal("u4=act", names(from_journal { "still_signed_in" }))
    assert.equal("u1=act", names(from_journal { "accepted" }))
    assert.equal("u5=disabled nobody=unknown_user", names(from_journal { "skipped" }))
  end)

  it("come from a report alike, in both formats", function()
    for _, format in ipairs { "csv", "jsonl" } do
      local file = report(format)
      local function from_report(outcome)
        return names(helper.plan(pool, { action = "lock", users = { file = file, outcome = outcome } }))
      end
      assert.equal("u2=act u3=act", from_report { "failed", "uncertain" }, format)
      assert.equal("u4=act", from_report { "still_signed_in" })
      assert.equal("u1=act u2=act u3=act u4=act u5=disabled nobody=unknown_user", from_report(nil))
    end
  end)

  it("are looked up by sub: the name may be another person's by now", function()
    local file, old = report "csv", box:user("u3").attributes.sub
    pool:admin_delete_user { username = "u3" }
    box:add_user { username = "u3", email = "stranger@example.com" }
    box:add_user { username = old, email = "impostor@example.com" }
    for _, source in ipairs { { journal = path, outcome = { "failed" } }, { file = file, outcome = { "failed" } } } do
      assert.equal(old .. "=unknown_user", names(helper.plan(pool, { action = "lock", users = source })))
      source.outcome[2] = "uncertain"
      for i = 1, 150 do -- few names in a large pool, or the whole pool at once
        if not box:user("more" .. i) then box:add_user { username = "more" .. i } end
      end
      assert.equal("u2=act " .. old .. "=unknown_user", names(helper.plan(pool, { action = "lock", users = source })))
    end
  end)

  it("are found under the names that they have by now, and left out under any", function()
    local job = from_journal({ "failed", "uncertain" }, { exclude = { "u2" } })
    assert.equal("u2=excluded u3=act", names(job))
    assert.equal(1, assert(job:run { yes = true, rate = 1000 }).accepted)
    assert.equal(0, box:executions(RESET, "u3"))
  end)

  it("are refused where they cannot be", function()
    local function refused(users, message, code, given)
      local options = { pool = pool, journal = helper.path(), action = "lock", users = users }
      for name, value in pairs(given or {}) do options[name] = value end
      local job, err = bulk.plan(options)
      assert.is_nil(job)
      assert.equal(code or "invalid_input", err.code)
      assert.truthy(err.message:find(message, 1, true), err.message)
    end
    refused({ journal = path }, "say which: outcome")
    refused({ journal = path, outcome = { "uncertian" } }, "did you mean uncertain?")
    refused({ journal = path, outcome = {} }, "say which: outcome")
    refused({ journal = helper.path(), outcome = { "failed" } }, "no journal", "journal_missing")
    refused({ journal = path, outcome = { "failed" } }, "expect_email needs", nil, { expect_email = "mail" })
    refused({ file = helper.file("names.csv", "username\nu1\n"), outcome = { "failed" } }, "is no report")
    refused({ file = helper.file("names.jsonl", '"u1"\n'), outcome = { "failed" } }, "is no report")
    refused({ file = helper.file("names.txt", "u1\n"), outcome = { "failed" } }, "is no report")
    local _, other = helper.world(1, { user_pool_id = "eu-west-1_Other0001" })
    refused({ journal = path, outcome = { "failed" } }, "another pool", "journal_other_pool", { pool = other })
    assert.equal("eu-west-1_Sandbox01", earlier:status().pool)
  end)

  it("are refused from a report without names", function()
    for _, format in ipairs { "csv", "jsonl" } do
      local parts = {}
      assert(earlier:report(function(piece) parts[#parts + 1] = piece end, { format = format, redact = true }))
      local file = helper.file("redacted." .. format, table.concat(parts))
      local _, err = bulk.plan { pool = pool, journal = helper.path(), action = "lock", users = file }
      assert.equal("invalid_input", err.code)
      assert.matches("the report is redacted", err.message, 1, true)
    end
  end)
end)
