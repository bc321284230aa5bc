-- `cognito bulk plan` for some of a source's users: by status, and by when they
-- were created.
local command = require "spec.support.command"
local core = require "cognito.core"
local sandbox_process = require "spec.support.sandbox_process"

describe("cognito bulk plan", function()
  local process, env, journal

  setup(function()
    process = sandbox_process.start()
    env = command.into(process, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = false, LOGNAME = "grace" })
    for name, status in pairs { ada = "CONFIRMED", bob = "FORCE_CHANGE_PASSWORD", cy = "RESET_REQUIRED" } do
      process:post("/users", { username = name, status = status, email = name .. "@example.com" })
    end
  end)

  teardown(function() process:stop() end)

  before_each(function()
    journal = os.tmpname()
    os.remove(journal)
  end)

  after_each(function() core.run { "sh", "-c", 'rm -f "$1"*', "sh", journal } end)

  local function plan(...)
    return command.run({ "bulk", "plan", "--journal", journal, "--endpoint", process.settings.url, ... }, { env = env })
  end

  local function refused(message, status, ...)
    local result = plan("lock", "--all", ...)
    assert.equal(status, result.status, result.out .. result.err)
    assert.truthy(result.err:find(message, 1, true), result.err)
    assert.is_nil((io.open(journal)))
  end

  it("says whom it chose", function()
    local result = plan("lock", "--all", "--status", "CONFIRMED,RESET_REQUIRED", "--status", "FORCE_CHANGE_PASSWORD",
      "--created-before", "2020-02-03")
    assert.equal(4, result.status, result.err) -- no user is that old
    assert.matches("chosen +users who are CONFIRMED or FORCE_CHANGE_PASSWORD or RESET_REQUIRED, "
      .. "created before 2020%-02%-03T00:00:00Z\n", result.out)
    assert.matches("skipped +created_later 3\n", result.out)
  end)

  it("chooses by status alone", function()
    local result = plan("lock", "--all", "--status", "CONFIRMED")
    assert.equal(0, result.status, result.err)
    assert.matches("chosen +users who are CONFIRMED\n", result.out)
    assert.matches("users +3: 1 will be acted on, 2 will be skipped\n", result.out)
  end)

  it("reads how old users must be", function()
    local result = plan("lock", "--all", "--older-than", "7d")
    assert.equal(4, result.status, result.err)
    assert.matches("chosen +created before 20%d%d%-", result.out)
    assert.matches("skipped +created_later 3\n", result.out)
  end)

  it("refuses words that are no status, span or date", function()
    refused("there is no status CONFIRMD; did you mean CONFIRMED?", 2, "--status", "CONFIRMD")
    refused("lock is not for users who are UNCONFIRMED", 2, "--status", "UNCONFIRMED")
    refused("--older-than: it must be a span of time above 0, like 7d", 2, "--older-than", "7 days")
    refused("--created-before: it must be a date like 2026-11-20", 2, "--created-before", "20.11.2026")
    refused("can not be used together with", 2, "--older-than", "7d", "--created-before", "2020-01-01")
  end)
end)
