-- The tutorials of docs/tutorials: what they quote is in the files, and the
-- last command of each runs. Those for OpenResty run in
-- spec/services/tutorial_openresty_spec.lua.

local json = require "cjson"
local lfs = require "lfs"
local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"
local server = require "spec.support.server"

local NEW, CODE = "Difference-Engine-1822", "135790"

describe("a tutorial", function()
  for name in lfs.dir "docs/tutorials" do
    if name:find "%.md$" then
      it("quotes files as they are: " .. name, function()
        local quoted = 0
        local page = process.read("docs/tutorials/" .. name)
        for path, block in page:gmatch "<!%-%- from (%S+) %-%->\n```%w*\n(.-\n)```" do
          local text = process.read(path)
          assert.truthy(text, path)
          assert.truthy(("\n" .. text):find("\n" .. block, 1, true), name .. ": " .. path .. ":\n" .. block)
          quoted = quoted + 1
        end
        assert.is_true(quoted > 0)
      end)

      it("names the spec that runs it: " .. name, function()
        local spec = process.read("docs/tutorials/" .. name):match "`(spec/[%w_/]+_spec%.lua)`"
        assert.truthy(process.read(spec):find(name:match "^[^.]+", 1), name)
      end)
    end
  end
end)

describe("the last command of the tutorial", function()
  local sandbox, folder

  before_each(function()
    sandbox = sandbox_process.start("--existence-errors LEGACY --code " .. CODE)
    folder = process.output_of("mktemp -d"):match "%C+"
  end)

  after_each(function()
    sandbox:stop()
    os.execute("rm -rf " .. process.quote(folder))
  end)

  -- As the last line of a tutorial that is indented has it, in the root of the
  -- repository.
  local function last_command(name)
    local last
    for line in process.read("docs/tutorials/" .. name .. ".md"):gmatch "\n    ([^\n]+)" do last = line end
    return last
  end

  local function environment(more)
    local variables = { COGNITO_ENDPOINT = sandbox.settings.url, AWS_EC2_METADATA_DISABLED = "true",
      no_proxy = "127.0.0.1" } -- for curl, where a proxy is set
    for name, value in pairs(sandbox.settings) do
      if name:find "^[A-Z]" then variables[name] = value end
    end
    for name, value in pairs(more or {}) do variables[name] = value end
    return process.assignments(variables)
  end

  -- A folder with a `cognito` of this tree, and the Lua that runs this.
  local function path_with_cognito()
    local root = process.output_of "pwd":match "%C+"
    -- By its path: a name alone would be that of the program that starts it.
    local lua = process.output_of("command -v " .. process.quote(process.interpreter())):match "%C+"
    for name, words in pairs { cognito = { lua, root .. "/bin/cognito" }, ["lua5.4"] = { lua } } do
      process.write(("#!/bin/sh\nexec %s \"$@\"\n"):format(process.words(words)), folder .. "/" .. name)
      os.execute("chmod +x " .. process.quote(folder .. "/" .. name))
    end
    return "PATH=" .. process.quote(folder) .. ":\"$PATH\""
  end

  local function run(command, more)
    return process.output_of(("%s env %s sh -c %s 2>&1"):format(path_with_cognito(), environment(more),
      process.quote(command)))
  end

  it("luv_game: a player gets back in while the game goes on", function()
    if not require("spec.support.optional").has(pending, "luv") then return end
    sandbox:post("/users", { username = "ada", email = "ada@example.com" })
    assert.equal("lua5.4 examples/luv_recovery.lua ada", last_command "luv_game")
    local said, status = run(("printf '%s\\n%s\\n' | %s"):format(CODE, NEW, last_command "luv_game"))
    assert.equal(0, status, said)
    assert.is_true(tonumber(said:match "\ndone, after (%d+) ticks\n") > 1, said)
  end)

  it("nightly_invite: invites once who never signed in", function()
    local orders = {} -- a user who was invited a week ago
    for line in process.read "docs/tutorials/nightly_invite.md":gmatch "\n    (order[^\n]*)" do
      orders[#orders + 1] = line
    end
    assert.equal(4, #orders)
    assert.truthy(run(table.concat(orders, "\n")):find '"username":"grace"')
    sandbox:post("/users", { username = "ada", email = "ada@example.com" })
    sandbox:post("/users", { username = "joan", email = "joan@example.com", status = "FORCE_CHANGE_PASSWORD" })
    local kept = folder .. "/invitations" -- which the script makes
    local quoted = process.quote(kept)
    local command = last_command "nightly_invite":gsub("/var/lib/invitations", function() return quoted end)
    local function invitations()
      local counted = sandbox:get "/executions".admin_create_user
      return counted and counted.users or {}
    end
    local said, status = run(command)
    assert.equal(0, status, said)
    assert.same({ grace = 1 }, invitations())
    assert.truthy(process.read(kept .. "/invited.txt"):find "^%x+%-[%x-]+\n$")
    said, status = run(command) -- once more on the same day
    assert.equal(0, status, said)
    assert.matches("^tonight's job is done; cognito bulk report %-%-journal '.+' says how\n$", said)
    assert.same({ grace = 1 }, invitations())
    os.execute("rm " .. process.quote(kept) .. "/invite-*")
    said, status = run(command) -- as the next night
    assert.equal(0, status, said)
    assert.same({ grace = 1 }, invitations())
  end)

  it("any_language: a test in Python passes against the local pool", function()
    if process.output_of "/usr/bin/env python3 -c 'import botocore.session' 2>&1" ~= "" then
      return pending "no botocore"
    end
    local command = last_command "any_language"
    assert.truthy(command:find("cognito sandbox --user ada:ada@example.com --", 1, true))
    local said, status = run("cd examples/any_language && " .. command)
    assert.equal(0, status, said)
    assert.truthy(said:find("Ran 2 tests", 1, true), said)
  end)

  it("lambda: two events are answered, and a broken one is reported", function()
    sandbox:post("/users", { username = "ada", email = "ada@example.com" })
    local function event(path, body)
      return json.encode { version = "2.0", rawPath = path, body = json.encode(body) } .. "\n"
    end
    local file = process.write(event("/password/forgot", { username = "ada" })
      .. event("/password/reset", { username = "ada", code = "000000", password = NEW })
      .. event("/elsewhere", { username = "ada" }) .. "1\n")
    local api = server.start_script("spec/support/lambda_api.lua", file)
    finally(function()
      api:stop()
      os.remove(file)
    end)
    run(last_command "lambda", { -- it ends with the API
      AWS_LAMBDA_RUNTIME_API = "127.0.0.1:" .. api.port, LAMBDA_TASK_ROOT = "examples/lambda",
      LUA = process.interpreter(),
    })
    local posted = api.process:printed()
    local function body_of(id)
      return json.decode(posted:match("\ninvocation/id%-" .. id .. "/response (%C+)"))
    end
    assert.equal(202, body_of(1).statusCode)
    assert.equal("accepted", json.decode(body_of(1).body).outcome)
    assert.equal(403, body_of(2).statusCode)
    assert.equal(400, body_of(3).statusCode)
    assert.truthy(posted:find("\ninvocation/id-4/error {", 1, true), posted)
    assert.equal(1, sandbox:get "/executions".forgot_password.users.ada)
  end)
end)
