-- Hints at the command line name options, variables and subcommands: no setting,
-- option or method of the library.

local bulk = require "cognito.bulk.failure"
local client = require "cognito.cli.client"
local errors = require "cognito.errors"
local hints = require "cognito.cli.hints"
local jobs = require "cognito.cli.bulk.jobs"
local process = require "spec.support.process"
local show = require "cognito.cli.bulk.show"
local text = require "cognito.cli.text"

-- Members of the service's replies, which commands print under these names; and
-- settings of profiles and databases.
local members = {
  user_status = true, auto_verified_attributes = true, account_recovery_setting = true, explicit_auth_flows = true,
  message_action = true, credential_process = true, full_page_writes = true, synchronous_commit = true,
}

local function assert_plain(hint, name)
  hint = hint:gsub("docs/[%w_]+%.md", "")
  for word in hint:gmatch "[%l_%d.]*_[%l_%d]+" do
    assert.is_true(members[word] or false, ("%s: %s in: %s"):format(name, word, hint))
  end
  for _, foreign in ipairs { "cognito%.new", "pool:%a", " = ", "{", "on_challenge" } do
    assert.is_nil(hint:find(foreign), ("%s: %s"):format(name, hint))
  end
end

-- What docs/errors.md lists: codes and reasons.
local function names()
  local found = {}
  for name in process.read "docs/errors.md":gmatch "| `([%w_]+)`" do found[#found + 1] = name end
  assert.is_true(#found > 60)
  return found
end

describe("a hint at the command line", function()
  it("names nothing of the library's: codes, reasons, with and without an unknown outcome", function()
    local seen = 0
    for _, name in ipairs(names()) do
      for _, fields in ipairs {
        { code = name }, { code = "NotAuthorizedException", reason = name }, { code = name, ambiguous = true },
      } do
        local hint = client.adapt(errors.new(fields)).hint
        if hint then
          seen = seen + 1
          assert_plain(hint, name)
        end
      end
    end
    assert.is_true(seen > 100)
  end)

  it("names nothing of the library's: bulk jobs", function()
    for code in pairs(bulk.hints) do
      local ok, stopped = pcall(jobs.check, nil, bulk.new(code, "text"))
      assert.is_false(ok)
      assert_plain(stopped.err.hint, code)
    end
  end)

  it("names commands for operations, and options for settings", function()
    assert.equal("verify one with cognito call admin-update-user-attributes, or cognito admin-set-user-password",
      hints.translate "verify one with admin_update_user_attributes, or admin_set_user_password")
    assert.equal("or --user-pool-id is another pool's", hints.translate "or user_pool_id is another pool's")
    assert.equal("a_b user_status", hints.translate "a_b user_status")
  end)
end)

describe("a count at the command line", function()
  it("of one is singular", function()
    assert.same({ "0 calls", "1 call", "2 calls", "1 user is", "2 users are" }, { text.count(0, "call"),
      text.count(1, "call"), text.count(2, "call"), text.count(1, "user is", "users are"),
      text.count(2, "user is", "users are") })
  end)

  -- What a plan prints, as lines.
  local function lines(changes)
    local summary = { plan = "p", action = "disable", pool = "x", total = 1, act = 1, skip = 0, by_status = {},
      by_reason = {}, by_medium = {}, by_note = {}, duplicates = 0, unmatched = 0, calls = { list_users = 1,
      admin_get_user = 0 }, seconds = 1, rate = 1, calls_per_user = 1, disables = true, no_way_back = 1 }
    for name, value in pairs(changes) do summary[name] = value end
    local printed = {}
    show.summary({ line = function(_, format, ...) printed[#printed + 1] = format:format(...) end }, summary)
    return table.concat(printed, "\n") .. "\n"
  end

  it("of a plan reads as a sentence for none, one and two users", function()
    local none, one, two = lines { total = 0, act = 0 }, lines {}, lines { total = 2, act = 2, rate = 2 }
    assert.is_nil(none:find("way back", 1, true), none)
    assert.truthy(one:find("a disabled user cannot recover: this one cannot before ", 1, true), one)
    assert.truthy(one:find("at 1 user a second: 1 call, up to 1 a second\n", 1, true), one)
    assert.truthy(two:find("none of the 2 can before", 1, true), two)
    assert.truthy(two:find("at 2 users a second: 2 calls, up to 2 a second\n", 1, true), two)
    one = lines { disables = false, locks = true, unmatched = 1, unmatched_names = "j",
      by_note = { email_changed = 1 } }
    for _, words in ipairs { "1 of 1 user cannot recover alone", "1 name of a user to leave out matches no user: j\n",
      "1 user has another one than expected" } do
      assert.truthy(one:find(words, 1, true), one)
    end
  end)
end)
