-- Completion: what could stand where the cursor is, and bash's way of asking.
-- zsh and fish are in spec/services.

local command = require "spec.support.command"
local commands = require "cognito.cli.commands"
local core = require "cognito.core"

-- The candidates, without their descriptions.
local function candidates(...)
  local result = command.run { "__complete", ... }
  assert.same({ status = 0, err = "" }, { status = result.status, err = result.err })
  local names = {}
  for line in result.out:gmatch "[^\n]+" do names[#names + 1] = line:match "^[^\t]*" end
  return names
end

local function has(list, wanted)
  for _, each in ipairs(list) do
    if each == wanted then return true end
  end
  return false
end

describe("the candidates", function()
  it("are the subcommands, with their summaries", function()
    assert.same(commands.names(), candidates "")
    assert.same({ "admin-reset-user-password", "admin-set-user-password", "admin-get-user" }, candidates "adm")
    assert.same({}, candidates "xyz")
    assert.matches("^doctor\tCheck settings", command.run({ "__complete", "doc" }).out)
  end)

  it("are options, also behind others", function()
    assert.same({ "--limit" }, candidates("list-users", "--li"))
    assert.same({ "--limit" }, candidates("--region", "x", "list-users", "--json", "--li"))
    assert.is_true(has(candidates("confirm-forgot-password", "--"), "--password-fd"))
    assert.is_false(has(candidates("confirm-forgot-password", "--"), "--password"))
    assert.is_true(has(candidates "--", "--version"))
  end)

  it("are what an option or an argument takes", function()
    assert.same({ "ENABLED", "LEGACY" }, candidates("sandbox", "--existence-errors", ""))
    assert.same({ "bash", "zsh", "fish" }, candidates("completion", ""))
    assert.same({}, candidates("list-users", "--filter", ""))
    assert.same({}, candidates("forgot-password", ""))
  end)

  it("are operations and their parameters", function()
    assert.same({ "describe-user-pool", "describe-user-pool-client", "describe-user-pool-domain" },
      candidates("call", "describe-user-pool"))
    assert.equal(#core.operations(), #candidates("call", ""))
    assert.same({ "username=" }, candidates("call", "admin-get-user", "--param", "usern"))
    assert.same({ "password" }, candidates("call", "admin-set-user-password", "--ask", "pass"))
  end)

  it("are what a command of bulk takes", function()
    assert.same({ "plan", "pause", "purge" }, candidates("bulk", "p"))
    assert.same({ "lock" }, candidates("bulk", "plan", "lo"))
    assert.same({ "--expect-email" }, candidates("bulk", "plan", "reset", "--expe"))
    assert.same({ ":files" }, candidates("bulk", "plan", "reset", ""))
    assert.same({ ":files" }, candidates("--region", "x", "bulk", "status", "--journal", ""))
  end)

  it("are the profiles that there are", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write "[default]\n[profile work]\n[profile play]\n"
    file:close()
    local result = command.run({ "__complete", "doctor", "--profile", "" }, { env = { AWS_CONFIG_FILE = path } })
    os.remove(path)
    assert.equal("default\t\nplay\t\nwork\t\n", result.out)
  end)
end)

describe("bash", function()
  local folder

  setup(function() folder = command.installed() end)
  teardown(function() core.run { "rm", "-r", folder } end)

  local function complete(...)
    local words = {}
    for i, word in ipairs { ... } do words[i] = "'" .. word .. "'" end
    local done = core.run { "bash", "-c", ([[
      PATH=%s:$PATH
      source <(cognito completion bash)
      complete -p cognito
      COMP_WORDS=(cognito %s)
      COMP_CWORD=%d
      _cognito cognito
      printf '%%s\n' "${COMPREPLY[@]}"]]):format(folder, table.concat(words, " "), #words) }
    assert.equal(0, done.status, done.stderr)
    return done.stdout
  end

  it("asks the command", function()
    assert.equal("complete -F _cognito cognito\nadvise\n", complete "adv")
    assert.equal("complete -F _cognito cognito\nusername=\nuser_pool_id=\n",
      (complete("call", "admin-get-user", "--param", "user"):gsub("(user_pool_id=\n)(username=\n)", "%2%1")))
    assert.equal("complete -F _cognito cognito\n\n", complete "xyz")
  end)
end)
