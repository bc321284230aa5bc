--- Sign-outs as a row's second step: what each outcome leaves, when the next try comes, and when none does.
local failure = require "cognito.bulk.failure"
local helper = require "spec.support.bulk"
local sign_outs = require "cognito.bulk.sign_outs"

describe("a sign-out", function()
  local job, journal

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    job, journal = helper.with_workers(2, { "me", "other" })
    journal:run "UPDATE users SET sign_out = 'due', tries = 0 WHERE username = 'u1'"
  end)

  after_each(function() job:close() end)

  local function claim(clock, worker) return sign_outs.claim(journal, worker or "me", 5, clock)[1] end

  local function stored()
    local row = journal:row [[SELECT sign_out, sign_out_code AS code, tries, look_at, worker FROM users
      WHERE username = 'u1']]
    return { row.sign_out, row.code, tonumber(row.tries), tonumber(row.look_at) or "now", row.worker }
  end

  local function record(row, state, clock, code)
    return sign_outs.record(journal, row, { state = state, code = code }, clock, 10)
  end

  it("is over once the service has taken it, whatever comes later", function()
    local row = claim(0)
    assert.equal("u1", row.username)
    assert.same({ "started", nil, 0, "now", "me" }, stored())
    assert.is_nil(claim(0, "other"))
    assert.is_nil(record(row, "accepted", 0))
    assert.same({ "done", nil, 0, "now" }, stored())
    assert.is_nil(record(row, "failed", 0, "X"))
    assert.same({ "done", nil, 0, "now" }, stored())
    assert.same({ due = 0, started = 0, failed = 0 }, sign_outs.counts(journal))
  end)

  it("is tried again after a wait where nothing was carried out, as often as that happens", function()
    for n = 1, 4 do
      assert.is_nil(record(claim(n * 100), "planned", n * 100, "Throttled"))
      assert.same({ "due", "Throttled", 0, n * 100 + 10 }, stored())
      assert.is_nil(claim(n * 100 + 9))
    end
    assert.equal("u1", claim(410).username)
  end)

  it("is tried three times where no answer came, after longer and longer waits", function()
    assert.is_nil(record(claim(0), "unknown", 0, "timeout"))
    assert.same({ "due", "timeout", 1, 20 }, stored())
    assert.is_nil(record(claim(20), "unknown", 20, "timeout"))
    assert.same({ "due", "timeout", 2, 50 }, stored())
    assert.equal("still_signed_in", record(claim(50), "unknown", 50, "lost"))
    assert.same({ "failed", "lost", 2, "now" }, stored())
    assert.is_nil(claim(1e6))
    assert.same({ due = 0, started = 0, failed = 1 }, sign_outs.counts(journal))
  end)

  it("has failed at once where the service refuses it, until an operator has it tried again", function()
    assert.equal("still_signed_in", record(claim(0), "failed", 0, "InternalErrorException"))
    assert.same({ "failed", "InternalErrorException", 0, "now" }, stored())
    journal:run "UPDATE users SET tries = 2, look_at = 7 WHERE username = 'u1'"
    assert.equal(1, sign_outs.try_again(journal))
    assert.same({ "due", "InternalErrorException", 0, "now" }, stored())
    assert.equal(0, sign_outs.try_again(journal))
    assert.same({ due = 1, started = 0, failed = 0 }, sign_outs.counts(journal))
  end)

  it("is given back by a worker that is gone, and by no other", function()
    claim(0)
    sign_outs.give_back(journal, "worker = ?", "other")
    assert.same({ "started", nil, 0, "now", "me" }, stored())
    sign_outs.give_back(journal, "worker = ?", "me")
    assert.same({ "due", nil, 0, "now" }, stored())
    assert.equal("u1", claim(0, "other").username)
  end)
end)

describe("an error of a job", function()
  it("is returned where it is caught; a mistake of the library's goes on up, with its place", function()
    assert.same({ 1, nil, 3 }, { failure.catch(function(...) return ... end, 1, nil, 3) })
    local found, err = failure.catch(failure.raise, "max_sms", "too many", { line = 3 })
    assert.same({ nil, "max_sms", "bulk", "too many", 3, failure.hints.max_sms },
      { found, err.code, err.kind, err.message, err.line, err.hint })
    for _, mistake in ipairs { "a place: a mistake", { code = "max_sms" } } do
      assert.same({ false, mistake }, { pcall(failure.catch, error, mistake, 0) })
    end
  end)
end)
