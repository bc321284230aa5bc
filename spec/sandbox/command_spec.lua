--- `cognito sandbox`: users, lines for people, and a program beside it.
local people = require "cognito.sandbox.people"
local sandbox = require "cognito.sandbox"
local command = require "spec.support.command"
local core = require "cognito.core"
local sandbox_process = require "spec.support.sandbox_process"
local socket = require "socket"
local write = require("spec.support.process").write

local function run(args, environment)
  table.insert(args, 1, "sandbox")
  return command.run(args, { env = environment })
end

-- The program asks the pool by the command, as people do.
local function recover(flags, script)
  local args = { "--code", "123456", "--user", "ada:ada@example.com" }
  for _, flag in ipairs(flags) do args[#args + 1] = flag end
  for _, word in ipairs { "--", "sh", "-c", script, command.interpreter() } do
    args[#args + 1] = word
  end
  return run(args)
end

describe("a program beside the sandbox", function()
  it("finds the pool by its environment and ends the sandbox with its status", function()
    local result = recover({}, [["$0" bin/cognito forgot-password ada
      "$0" bin/cognito forgot-password ghost
      exit 7]])
    assert.equal(7, result.status, result.err)
    assert.truthy(result.out:find("a***@e***.com", 1, true), result.out)
    assert.is_nil(result.out:find("sandbox", 1, true))
    assert.truthy(result.err:find("sandbox: forgot_password ada: done; sent to a***@e***.com by EMAIL\n", 1, true),
      result.err)
    assert.truthy(result.err:find("sandbox: forgot_password ghost: no such user, answered as if (ENABLED);"
      .. " nothing sent\n", 1, true), result.err)
    assert.truthy(result.err:find("message: CustomMessage_ForgotPassword to ada by EMAIL (ada@example.com): 123456\n",
      1, true), result.err)
  end)

  it("is not misled by a profile or a token of the caller's", function()
    local result = run({ "--", "sh", "-c",
      "echo \"[$AWS_PROFILE$AWS_SESSION_TOKEN$AWS_SECURITY_TOKEN$AWS_DEFAULT_PROFILE]\"" },
      { AWS_PROFILE = "mine", AWS_SESSION_TOKEN = "t", AWS_SECURITY_TOKEN = "t", AWS_DEFAULT_PROFILE = "mine" })
    assert.equal("[]\n", result.out)
  end)

  -- A variable that switches endpoints off would lead to the service itself, and keys of the sandbox with it.
  it("reaches the sandbox whatever switches endpoints off", function()
    local elsewhere = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = "true", AWS_USE_FIPS_ENDPOINT = "true",
      AWS_USE_DUALSTACK_ENDPOINT = "true", AWS_CREDENTIAL_EXPIRATION = "2001-01-01T00:00:00Z",
      https_proxy = "http://127.0.0.1:1" }
    local result = run({ "--code", "123456", "--user", "ada:ada@example.com",
      "--", command.interpreter(), "bin/cognito", "list-users" }, elsewhere)
    assert.equal(0, result.status, result.err)
    assert.truthy(result.out:find("ada", 1, true), result.out)
  end)

  it("finds the region under both of its names", function()
    local result = run({ "--", "sh", "-c", "echo $AWS_REGION $AWS_DEFAULT_REGION" },
      { AWS_REGION = "eu-west-2", AWS_DEFAULT_REGION = "us-east-1" })
    assert.equal("eu-west-1 eu-west-1\n", result.out)
  end)

  it("tells nothing for each request with --quiet", function()
    local result = recover({ "--quiet" }, [["$0" bin/cognito forgot-password ada]])
    assert.equal(0, result.status, result.err)
    assert.is_nil(result.err:find("forgot_password ada", 1, true))
  end)

  it("that is missing, or ended by a signal, shows in the status", function()
    assert.equal(127, run({ "--", "/nowhere/to/be/found" }).status)
    assert.equal(128 + 9, run({ "--", "sh", "-c", "kill -9 $$" }).status)
    assert.equal(2, run({ "--", "A=b" }).status)
    assert.equal(2, run({ "--exit-with-stdin", "--", "true" }).status)
  end)

  it("is not run for words that cannot be meant", function()
    for _, words in ipairs { { "--port", "99999" }, { "--port", "-1" }, { "--port", "1.5" }, { "--url", "ftp://x" },
      { "--url", "localhost:1" }, { "--user", "ada", "--user", "ada" } } do
      words[#words + 1], words[#words + 2], words[#words + 3] = "--", "echo", "ran"
      local result = run(words)
      assert.same({ 2, "" }, { result.status, result.out })
    end
  end)

  it("is sent the signals that the sandbox gets", function()
    local path = os.tmpname()
    local child = assert(core.start { command.interpreter(), "bin/cognito", "sandbox", "--quiet", "--", "sh", "-c",
      [[trap 'echo ended >>"$0"; exit 9' TERM; echo ready >>"$0"; while :; do sleep 0.05; done]], path })
    local function holds(text)
      local deadline = socket.gettime() + 20
      repeat
        local file = io.open(path)
        local found = file and file:read "*a" or ""
        if file then file:close() end
        if found == text then return true end
        socket.sleep(0.01)
      until socket.gettime() > deadline
      return false
    end
    assert.is_true(holds "ready\n")
    assert.is_true(child:signal(15))
    assert.is_true(holds "ready\nended\n")
    local result
    repeat
      socket.sleep(0.01)
      result = child:result()
    until result
    assert.same({ status = 9 }, result)
    os.remove(path)
  end)
end)

describe("Ctrl-C at a terminal", function()
  -- The sandbox looks for a signal before it serves: once it has answered, a
  -- second one would have been there.
  it("reaches the program once, which decides what becomes of it", function()
    local shown = command.on_terminal({ "sandbox", "--quiet", "--", "sh", "-c",
      [[n=0; trap 'n=$((n+1)); echo caught' INT; echo ready; read line
        "$0" bin/cognito admin-get-user ghost; echo "$n in all"; exit 5]], command.interpreter() },
      { steps = { { "expect", "ready" }, { "type", "\3" }, { "expect", "caught" }, { "type", "\n" },
        { "expect", "in all" } } })
    assert.truthy(shown.screen:find("UserNotFoundException", 1, true), shown.screen)
    assert.truthy(shown.screen:find("1 in all", 1, true), shown.screen)
    assert.equal(5, shown.status)
  end)
end)

describe("the sandbox's output", function()
  local process
  setup(function() process = sandbox_process.start "--client-secret \"it's\" --mail developer --user ada:ada@x.org" end)
  teardown(function() process:stop() end)

  it("is commands of a shell, and comments", function()
    process:post("/users", { username = "eve\n;exit 1", email = "e@x.org" })
    local printed = write(process:printed())
    local result = core.run { "sh", "-c", [[. "$0" && printf '%s %s' "$COGNITO_CLIENT_SECRET" "$AWS_REGION"]], printed }
    os.remove(printed)
    assert.equal("it's eu-west-1", result.stdout, result.stderr)
  end)

  it("is a pool that was set up by its options", function()
    local settings = process.settings
    settings.COGNITO_CLIENT_SECRET = "it's"
    local env = command.into(process)
    local shown = command.run({ "admin-get-user", "ada", "--json" }, { env = env })
    assert.equal(0, shown.status, shown.err)
    local described = command.run({ "call", "describe_user_pool" }, { env = env })
    assert.truthy(described.out:find("DEVELOPER", 1, true), described.out .. described.err)
  end)

  it("begins again at a reset, with the users that it was given", function()
    process:post("/users", { username = "bob" })
    process:post("/reset", {})
    local env = command.into(process, { COGNITO_CLIENT_SECRET = "it's" })
    assert.equal(0, command.run({ "admin-get-user", "ada" }, { env = env }).status)
    assert.equal(1, command.run({ "admin-get-user", "bob" }, { env = env }).status)
  end)
end)

describe("users that people write down", function()
  it("are a name, and maybe an address", function()
    assert.same({ username = "ada", email = "ada@example.com" }, people.from_word "ada:ada@example.com")
    assert.same({ username = "a:b", phone_number = "+491511" }, people.from_word "a:b:+491511")
    assert.same({ username = "ada" }, people.from_word "ada")
    for _, wrong in ipairs { "", ":a@b.c", "ada:nonsense", "a da", "ada:" } do
      local user, why = people.from_word(wrong)
      assert.is_nil(user)
      assert.is_string(why)
    end
  end)

  it("are read from a file, in either form", function()
    for _, text in ipairs { "# people\r\nada:ada@x.org\r\n\r\n  bob:+4930 \n",
      '\239\187\191 [{"username":"ada","email":"ada@x.org"},\n{"username":"bob","phone_number":"+4930"}]' } do
      local path = write(text)
      assert.same({ { username = "ada", email = "ada@x.org" }, { username = "bob", phone_number = "+4930" } },
        setmetatable(assert(people.from_file(path)), nil))
      os.remove(path)
    end
  end)

  it("are those of a pool that was listed", function()
    local document = [[{"Users":[{"Username":"ada","UserStatus":"UNCONFIRMED","Enabled":false,
      "UserCreateDate":"2024-01-01T00:00:00Z","Attributes":[{"Name":"sub","Value":"s-1"},
      {"Name":"email","Value":"ada@x.org"},{"Name":"email_verified","Value":"false"}]}]}]]
    local lines = [[{"username":"ada","user_status":"UNCONFIRMED","enabled":false,"attributes":[]]
      .. [[{"name":"sub","value":"s-1"},{"name":"email","value":"ada@x.org"},]]
      .. [[{"name":"email_verified","value":"false"}]}]]
      .. "\n"
    for _, text in ipairs { document, lines, lines .. lines:gsub("ada", "bob"):gsub("s%-1", "s-2") } do
      local path = write(text)
      local box = sandbox.new { users = assert(people.from_file(path)) }
      os.remove(path)
      local user = box:user "ada"
      assert.same({ "UNCONFIRMED", false, "s-1", "ada@x.org", "false" }, { user.status, user.enabled,
        user.attributes.sub, user.attributes.email, user.attributes.email_verified })
      assert.equal(text:find "bob" and "bob" or nil, (box:user "bob" or {}).username)
    end
  end)

  it("are those of documents with few facts, by any tool", function()
    for _, text in ipairs { '[{"Username":"ada","Enabled":false}]', '{"Users":[{"Username":"ada","Enabled":false}]}',
      '{"users":[{"username":"ada","enabled":false}]}' } do
      local path = write(text)
      local box = sandbox.new { users = assert(people.from_file(path)) }
      os.remove(path)
      assert.is_false(box:user "ada".enabled)
    end
  end)

  it("come from CSV as spreadsheets write it, and in UTF-16", function()
    local csv = "username;email;phone_number;password;status;enabled;given_name\r\n"
      .. "ada;ada@x.org;+491511234567;Old-Passw0rd;RESET_REQUIRED;FALSE;Ada\r\n\r\nbob;;;;;;\r\n"
    local utf16 = "\255\254" .. csv:gsub(".", "%0\0")
    for _, text in ipairs { csv, utf16, csv:gsub(";", ","), csv:gsub(";", "\t"), (csv:gsub("\r\n", "\r")),
      (csv:gsub("username", "cognito:username")), "sep=;\r\n" .. csv } do
      local path = write(text)
      local users, problem = people.from_file(path)
      os.remove(path)
      local box = sandbox.new { users = assert(users, problem) }
      local user = box:user "ada"
      local attributes = user.attributes
      assert.same({ "RESET_REQUIRED", false }, { user.status, user.enabled })
      assert.same({ "ada@x.org", "true", "+491511234567", "Ada" }, { attributes.email, attributes.email_verified,
        attributes.phone_number, attributes.given_name })
      assert.same({ "CONFIRMED", true }, { box:user("bob").status, box:user("bob").enabled })
    end
    for _, text in ipairs { "\255\254" .. ("ada:a@x.org\r\n"):gsub(".", "%0\0"), "ada:a@x.org\r",
      "ada:a@x.org\n\26" } do
      local path = write(text)
      assert.same({ { username = "ada", email = "a@x.org" } }, people.from_file(path))
      os.remove(path)
    end
  end)

  it("that are wrong are named by file and line", function()
    for text, expected in pairs { ["ada\nbob:x"] = "line 2: an address is",
      ["ada;bob\n"] = "line 1: a user is NAME", ["PK\3\4\1"] = "this is a zip file",
      ["ada,a@x.org\n"] = "line 1: a user is NAME or NAME:ADDRESS; CSV has a header",
      ["username,email\nada\n"] = "line 2: there are 1 fields", ["username,enabled\nada,x\n"] = "line 2: enabled is",
      ["username,email\nada,a\n,b\n"] = "line 3: the user's name is empty", ["a\228:b@x.org\n"] = "is not UTF-8",
      ["[1]"] = "entry 1 is no object",
      ["[{]"] = "at byte", ['{"username":"a"}\n{"username"'] = "line 2" } do
      local path = write(text)
      local result = run { "--port", "0", "--users", path }
      os.remove(path)
      assert.equal(2, result.status)
      assert.truthy(result.err:find(path, 1, true), result.err)
      assert.truthy(result.err:find(expected, 1, true), result.err)
    end
    for text, expected in pairs { ["username,email\nada,a@x.org\nada,b@x.org\n"] = "users[2] (ada): there is a user",
      ['[{"Username":"ada","UserStatus":"LOST"}]'] = "users[1] (ada): there is no such status",
      ['[{"Username":"ada","Enabled":"no"}]'] = "users[1] (ada): enabled must be a boolean" } do
      local path = write(text)
      local result = run { "--port", "0", "--users", path }
      os.remove(path)
      assert.equal(2, result.status)
      assert.equal("cognito: " .. expected, result.err:sub(1, #expected + 9))
    end
    assert.equal(2, run({ "--port", "0", "--users", "/nowhere" }).status)
    local result = run { "--port", "0", "--user", "ada:x" }
    assert.truthy(result.err:find("--user ada:x", 1, true), result.err)
  end)
end)

describe("a sandbox for other machines", function()
  it("needs to be asked for in so many words", function()
    local result = run { "--port", "0", "--listen", "0.0.0.0" }
    assert.equal(1, result.status)
    assert.truthy(result.err:find("--allow-remote", 1, true), result.err)
  end)

  it("answers under whatever name it has there", function()
    local process = sandbox_process.start "--listen 0.0.0.0 --allow-remote"
    local client = assert(socket.connect("127.0.0.2", process.port)) -- not the address that it is usually at
    client:settimeout(10)
    client:send "GET / HTTP/1.0\r\nHost: sandbox.container:9229\r\n\r\n"
    local status = client:receive "*l"
    client:close()
    process:stop()
    assert.equal("HTTP/1.1 200 OK", status)
  end)
end)
