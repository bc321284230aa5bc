-- Completion in zsh and fish, typed at the real shells.

local command = require "spec.support.command"
local core = require "cognito.core"

local folder

setup(function() folder = command.installed() end)
teardown(function() core.run { "rm", "-r", folder } end)

describe("zsh", function()
  -- What the line becomes when the tabulator is pressed at its end.
  local function complete(line, expected)
    local result = command.on_terminal({}, {
      command = { "zsh", "-f", "-i" }, env = { PATH = folder .. ":" .. os.getenv "PATH", PS1 = "ready> " },
      steps = { { "expect", "ready> " },
        { "type", "autoload -Uz compinit; compinit -u -D; source <(cognito completion zsh); PS1='set> '\n" },
        { "expect", "\27[Jset> " }, { "type", line .. "\t" }, { "expect", expected }, { "type", "\21exit\n" } } })
    assert.is_false(result.hung, result.screen)
    assert.equal(require("cjson").null, result.missed, result.screen)
    return result.screen
  end

  it("completes subcommands, options, operations and parameters", function()
    complete("cognito adv", "advise")
    complete("cognito list-users --li", "--limit")
    complete("cognito call describe-user-import", "describe-user-import-job")
    complete("cognito sandbox --existence-errors LEG", "LEGACY")
  end)

  it("lists the commands, with their summaries", function()
    local screen = complete("cognito admin-", "Show a user")
    assert.truthy(screen:find("Set a user's password", 1, true), screen)
  end)
end)

describe("fish", function()
  local function complete(line)
    local done = core.run { "env", "HOME=" .. folder, "PATH=" .. folder .. ":" .. os.getenv "PATH", "fish", "-c",
      ("cognito completion fish | source; complete -C '%s'"):format(line) }
    assert.equal(0, done.status, done.stderr)
    return done.stdout
  end

  it("completes subcommands, options, operations and parameters", function()
    assert.equal("advise\tSay which call helps a user, or why none does\n", complete "cognito adv")
    assert.matches("^%-%-limit\t", complete "cognito list-users --li")
    assert.equal("describe-user-import-job\n", complete "cognito call describe-user-import")
    assert.equal("username=\n", complete "cognito call admin-get-user --param usern")
    assert.equal("", complete "cognito list-users --filter x")
  end)
end)
