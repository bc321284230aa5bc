-- The command `cognito` as such: what it is asked, what it says when it is
-- asked wrongly, and its exit statuses.

local command = require "spec.support.command"
local commands = require "cognito.cli.commands"
local process = require "spec.support.process"

local function run(...)
  return command.run { ... }
end

-- It says this on standard error and nothing on standard output.
local function assert_refused(result, ...)
  assert.equal(2, result.status, result.err)
  assert.equal("", result.out)
  for _, words in ipairs { ... } do
    assert.truthy(result.err:find(words, 1, true), result.err)
  end
end

describe("cognito", function()
  it("tells its version, without the C core", function()
    local expected = "cognito " .. require "cognito.version" .. "\n"
    assert.same({ status = 0, out = expected, err = "" }, command.run({ "--version" }, { env = { LUA_CPATH = "" } }))
    assert.same({ status = 0, out = expected, err = "" }, run "version")
  end)

  it("says in a line that it is not built for this Lua, and with which command it would be", function()
    local folder = process.output_of "mktemp -d":match "%C+"
    process.output_of(("mkdir '%s/bin' && cp bin/cognito '%s/bin' && ln -s \"$PWD/lua\" '%s'"):format(folder, folder,
      folder))
    local text, status = process.output_of(("env LUA_CPATH= %s '%s/bin/cognito' doctor 2>&1"):format(
      process.quote(process.interpreter()), folder))
    process.output_of("rm -r '" .. folder .. "'")
    assert.equal(1, status)
    assert.matches("^cognito: cognito%.core is not %a+ for Lua[^\n]+make [^\n]*LUA=[^\n]+\n$", text)
  end)

  it("helps, on standard output", function()
    for _, words in ipairs { { "--help" }, { "-h" }, { "help" } } do
      local result = command.run(words)
      assert.equal(0, result.status)
      assert.equal("", result.err)
      for _, name in ipairs(commands.names()) do
        assert.truthy(result.out:find("\n   " .. name, 1, true), name)
      end
      assert.truthy(result.out:find("130 interrupted", 1, true))
    end
  end)

  it("helps with every subcommand, with examples", function()
    for _, name in ipairs(commands.names()) do
      local result = run(name, "--help")
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("Usage: cognito " .. name, 1, true), name)
      assert.truthy(result.out:find("Examples:\n  ", 1, true), name .. " has no examples")
      for line in result.out:gmatch "[^\n]+" do
        assert.is_true(#line <= 100, line)
      end
      for line in result.out:match("Examples:\n.*"):gmatch "\n  ([^\n]*)" do
        assert.truthy(line:lower():find("cognito", 1, true), "a shell would run this half of a line: " .. line)
      end
      assert.same(result, run("help", name))
    end
  end)

  it("names the missing word", function()
    assert_refused(run(), "a command is missing\n", "cognito --help")
    assert_refused(run "--json", "a command is missing")
    assert_refused(run "forgot-password", "forgot-password: missing argument 'username'\n",
      "cognito forgot-password --help")
    assert_refused(run("list-users", "--limit"), "'--limit' requires an argument")
  end)

  it("guesses the intended word", function()
    assert_refused(run("forgotpasswort", "ada"), "unknown command 'forgotpasswort'; did you mean 'forgot-password'?")
    assert_refused(run("list-users", "--lmit", "3"), "unknown option '--lmit'; did you mean '--limit'?")
    assert_refused(run("list-users", "--regon=x"), "'--regon'; did you mean '--region'?")
    assert_refused(run("admin-disable-user", "ada"), "cognito call admin-disable-user")
    assert_refused(run("call", "describe-user-pol"), "did you mean 'describe_user_pool'?")
    assert_refused(run "xyz", "unknown command 'xyz'\n")
  end)

  it("refuses values that are none", function()
    assert_refused(run("list-users", "--limit", "0"), "it must be a whole number above 0")
    assert_refused(run("list-users", "--limit", "x"), "it must be a whole number above 0")
    assert_refused(run("list-users", "--attributes", ","), "it must be names")
    assert_refused(run("forgot-password", "--timeout=-1", "ada"), "it must be a number above 0")
    assert_refused(run("forgot-password", "--client-metadata", "x", "ada"), "it must be NAME=VALUE")
    assert_refused(run("forgot-password", "--client-secret-fd", "x", "ada"), "a descriptor is a number")
    assert_refused(run("completion", "tcsh"), "must be one of 'bash', 'zsh', 'fish'")
    assert_refused(run("forgot-password", "ada", "bob"), "too many arguments")
    assert_refused(run("forgot-password", "--region", " ", "ada"), "region")
    assert_refused(run("forgot-password", "--endpoint", "http://example.com", "--client-id", "x", "ada"),
      "plain http", "Give --endpoint a URL like https://host")
  end)

  it("names the options for its settings", function()
    assert_refused(run("forgot-password", "ada"), "Give --user-pool-id, which begins with the region")
    assert_refused(run("--region", "eu-west-1", "forgot-password", "ada"), "client_id", "COGNITO_CLIENT_ID")
    local result = run("admin-get-user", "--user-pool-id", "eu-west-1_Ab12Cd34E", "ada")
    assert.equal(1, result.status)
    assert.truthy(result.err:find("\nThis call is signed: set AWS_ACCESS_KEY_ID", 1, true), result.err)
    result = command.run({ "admin-get-user", "--region", "eu-west-1", "ada" },
      { env = { AWS_ACCESS_KEY_ID = "x", AWS_SECRET_ACCESS_KEY = "y" } })
    assert.truthy(result.err:find("Give --user-pool-id, or set COGNITO_USER_POOL_ID", 1, true), result.err)
  end)

  it("shows no characters that a terminal obeys, and only UTF-8", function()
    for _, words in ipairs {
      { "\27[2J\155" }, { "list-users", "--\27]0;x\7\255" }, { "forgot-password", "\255\27[31m", "--region=eu-west-1" },
      { "call", "\194\155x" }, { "completion", "\226\128\174" }, { "forgot-password", "--\255=\27", "ada" },
    } do
      local result = command.run(words)
      assert.equal(2, result.status, result.err)
      assert.is_nil(result.err:gsub("\n", ""):find "[%c\127-\255]")
    end
    assert_refused(run("forgot-password", "--client-id", "x", "--region", "eu-west-1", "\255"),
      "username must be valid UTF-8")
  end)

  -- `bulk plan reset "$file"` planned the whole pool where the variable was not set, and `--device ''` was no
  -- device: the second factor was asked for.
  it("refuses an empty word, whatever takes it, by its name and before anything else", function()
    local argparse, parser = require "argparse", require "cognito.cli.parser"
    local console, count = { columns = function() end }, 0
    local function check(words)
      local found = parser.new(argparse, words, console)
      for _, word in ipairs(words) do
        for _, each in ipairs(found._commands) do
          if each._name == word then found = each end
        end
      end
      for _, element in ipairs(found._options) do
        if not element._hidden and element._maxargs == 1 then
          count = count + 1
          local ok, message = element._convert ""
          assert.same({ nil, element._name .. ": it must not be empty" }, { ok, message })
        end
      end
      return found
    end
    for _, name in ipairs(commands.names()) do
      for _, each in ipairs(check { name }._commands) do check { name, each._name } end
    end
    assert.is_true(count > 150, tostring(count))
    assert_refused(run("sign-in", "--device", "", "ada"), "sign-in: --device: it must not be empty")
    assert_refused(run("sign-in", "--device=", "ada"), "sign-in: --device: it must not be empty")
    assert_refused(run("bulk", "run", "--hook", ""), "bulk run: --hook: it must not be empty")
    assert_refused(run("bulk", "plan", "reset", ""), "bulk plan: FILE: it must not be empty")
    assert_refused(run("bulk", "run", "--rate", ""), "bulk run: --rate: it must not be empty")
    assert_refused(run("forgot-password", ""), "forgot-password: USERNAME: it must not be empty")
  end)

  it("reports errors to programs in JSON", function()
    local cjson = require "cjson"
    local result = run("list-users", "--json", "--lmit", "3")
    assert.equal(2, result.status)
    assert.same({ error = { code = "usage", message = "list-users: unknown option '--lmit'; did you mean '--limit'?",
      hint = "cognito list-users --help lists its options" } }, cjson.decode(result.err))
    local err = cjson.decode(run("forgot-password", "--json", "ada").err).error
    assert.equal("no_region", err.code)
    assert.is_string(err.hint)
  end)

  it("needs argparse, and says so", function()
    local path = package.path:gsub("[^;]*/usr[^;]*;?", ""):gsub(";;", ";")
    local result = command.run({ "list-users" }, { env = { LUA_PATH = path } })
    assert.equal(1, result.status)
    assert.truthy(result.err:find("apt install lua-argparse", 1, true), result.err)
  end)

  -- Under argparse 0.6, Debian 11's, it ended with a traceback.
  for version, code in pairs { ["0.6.0"] = 'return { version = "0.6.0" }', ["an older one"] = "return {}" } do
    it("needs an argparse of this decade, not " .. version, function()
      local folder = os.tmpname()
      os.remove(folder)
      assert(os.execute("mkdir " .. folder))
      local file = assert(io.open(folder .. "/argparse.lua", "w"))
      file:write(code)
      file:close()
      local result = command.run({ "list-users" }, { env = { LUA_PATH = folder .. "/?.lua;" .. package.path } })
      os.execute("rm -r " .. folder)
      assert.equal(1, result.status)
      assert.truthy(result.err:find("argparse 0.7 or newer, and this is " .. version, 1, true), result.err)
      assert.is_nil(result.err:find("traceback", 1, true))
    end)
  end
end)
