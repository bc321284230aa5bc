-- `cognito bulk` on a terminal: questions, a bar that moves, and Ctrl-C.

local cjson = require "cjson"
local command = require "spec.support.command"
local here = require "spec.support.cli_bulk"
local text = require "cognito.cli.text"

local done, executions, names = here.done, here.executions, here.names
local plan, run, status, words = here.plan, here.run, here.status, here.words

local RESET = "admin_reset_user_password"

setup(here.setup)
teardown(here.teardown)
before_each(here.before_each)
after_each(here.after_each)

describe("on a terminal", function()
  local function on_terminal(subcommand, args, options)
    options = options or {}
    options.env = options.env or here.env
    local result = command.on_terminal(words(subcommand, args), options)
    assert.is_false(result.hung, result.screen)
    assert.equal(cjson.null, result.missed, result.screen)
    return result
  end

  -- The pool's address for what was carried out.
  local function page()
    return here.process.settings.url .. "/executions"
  end

  it("approve shows the plan and asks for its hash", function()
    local hash = plan().plan
    local result = on_terminal("approve", {}, { steps = { { "expect", "to approve: " }, { "type", "yes\n" } } })
    assert.equal(2, result.status)
    assert.truthy(result.screen:find("12 will be acted on", 1, true), result.screen)
    assert.equal("planned", status().state)
    result = on_terminal("approve", {}, { steps = { { "expect", "to approve: " }, { "type", "\3" } } })
    assert.equal(130, result.status)
    result = on_terminal("approve", {}, { steps = { { "expect", "to approve: " },
      { "type", hash:sub(1, 8) .. "\n" } } })
    assert.equal(0, result.status)
    assert.equal("approved", status().state)
  end)

  it("a bar moves, whatever the width", function()
    for _, columns in ipairs { 1, 30, 120 } do
      here.journal = here.journal .. columns
      plan("lock", {}, ("j%d-1\n"):format(here.number))
      local result = on_terminal("run", { "--yes", "--rate", "1000" }, { columns = columns })
      assert.equal(0, result.status, result.screen)
            local bar = result.screen:find("[####################] 100%", 1, true)
      assert.equal(columns >= 100, bar ~= nil, result.screen)
      for line in result.screen:gmatch "\r([^\r\n]*)\27%[K" do
        assert.is_true(text.width(line) < columns, line)
      end
    end
  end)

  it("^C ends a plan, and nothing is left of it", function()
    here.process:post("/misbehave", { operation = "list_users", what = "stall", phase = "after" })
    local looked = (here.process:get("/executions").list_users or { count = 0 }).count
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(names())
    file:close()
    local result = on_terminal("plan", { "reset", path }, { steps = { { "page", page(),
      ('"list_users":{"count":%d'):format(looked + 1) }, { "type", "\3" } } })
    os.remove(path)
    assert.equal(130, result.status)
    assert.equal(2, run("status").status)
    assert.is_nil(io.open(here.journal))
  end)

  it("^C finishes calls in flight and stops; resume continues; no user is done twice", function()
    plan()
    local result = on_terminal("run", { "--yes", "--rate", "4", "--concurrency", "2" }, { steps = {
      { "page", page(), ('"j%d-2":1'):format(here.number) }, { "type", "\3" } } })
    assert.equal(130, result.status)
    assert.truthy(result.screen:find("stopping after the calls in flight", 1, true), result.screen)
    local after = status()
    assert.equal("paused", after.state)
    assert.equal("interrupted", after.why)
    assert.equal(0, after.started)
    assert.equal(after.accepted, executions(RESET))
    assert.is_true(after.planned > 0)
    done("resume", { "--rate", "1000" })
    assert.equal(12, executions(RESET))
  end)

  it("^C ends the wait for another day", function()
    plan()
    local result = on_terminal("run", { "--yes", "--rate", "1000", "--daily-limit", "2", "--wait" }, { steps = {
      { "expect", "waiting until" }, { "type", "\3" } } })
    assert.equal(130, result.status)
    assert.same({ "paused", "daily_limit" }, { status().state, status().why })
    assert.equal(2, executions(RESET))
  end)

  it("a second ^C ends it at once; no user is done twice afterwards", function()
    plan()
    here.process:post("/misbehave", { operation = RESET, what = "stall", phase = "after" })
    local first = ('"%s":{"count"'):format(RESET)
    local result = on_terminal("run", { "--yes", "--concurrency", "1", "--attempt-timeout", "20" }, { steps = {
      { "page", page(), first }, { "page", page(),
        ('"j%d-1":1'):format(here.number) }, { "type", "\3" }, { "expect", "ends it at once" }, { "type", "\3" } } })
    assert.equal(130, result.status)
    assert.equal(1, status().started)
    local resumed = run("resume", { "--rate", "1000", "--attempt-timeout", "1", "--settle", "0" })
    assert.equal(0, resumed.status, resumed.out .. resumed.err)
    assert.equal(12, executions(RESET))
    assert.equal(12, status().accepted)
  end)

  it("purge asks first", function()
    plan()
    local result = on_terminal("purge", {}, { steps = { { "expect", "to remove it: " }, { "type", "no\n" } } })
    assert.equal(2, result.status)
    assert.equal("planned", status().state)
    result = on_terminal("purge", {}, { steps = { { "expect", "to remove it: " }, { "type", "purge\n" } } })
    assert.equal(0, result.status)
  end)
end)
