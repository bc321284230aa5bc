-- cognito rotate-secret, as a process against the local user pool.

local cjson = require "cjson"
local cognito = require "cognito"
local command = require "spec.support.command"
local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

local server, env, folder, path

setup(function()
  server = sandbox_process.start "--user ada:ada@example.com"
  env = command.into(server)
end)

teardown(function() server:stop() end)

before_each(function()
  server:post("/reset", { all = true })
  folder = process.output_of "mktemp -d":match "%C+"
  path = folder .. "/new-secret"
end)

after_each(function() process.output_of("rm -r '" .. folder .. "'") end)

local function rotate(args)
  table.insert(args, 1, "rotate-secret")
  if not args.nowhere then
    table.insert(args, "--to")
    table.insert(args, path)
  end
  return command.run(args, { env = env })
end

local function content(of)
  local file = io.open(of)
  local text = file and file:read "*a"
  if file then file:close() end
  return text
end

local function mode(of) return process.output_of("stat -c %a '" .. of .. "'"):match "%d+" end

local function secrets()
  local settings = server.settings
  local pool = cognito.new { endpoint = settings.url, user_pool_id = settings.COGNITO_USER_POOL_ID,
    client_id = settings.COGNITO_CLIENT_ID, credentials = { access_key_id = settings.AWS_ACCESS_KEY_ID,
      secret_access_key = settings.AWS_SECRET_ACCESS_KEY } }
  return pool, #assert(pool:list_user_pool_client_secrets { client_id = settings.COGNITO_CLIENT_ID }).client_secrets
end

-- Whether the app client has this secret.
local function works(secret)
  local pool = secrets()
  local sent, err = pool:with({ client_secret = secret }):forgot_password { username = "nobody" }
  if sent or err.code == "InvalidParameterException" then return true end
  assert.equal("secret_hash", err.reason, tostring(err))
  return false
end

local function executed(operation) return (server:get "/executions"[operation] or { count = 0 }).count end

local function misbehave(operation, fault)
  fault.operation = operation
  server:post("/misbehave", fault)
end

local function lost(operation) misbehave(operation, { what = "drop", phase = "after" }) end

-- No message goes out, and the secret is seen in no output.
local function quiet(result)
  assert.same({}, server:get "/outbox")
  local secret = content(path)
  if secret then
    assert.is_nil(result.out:find(secret, 1, true))
    assert.is_nil(result.err:find(secret, 1, true))
  end
end

describe("cognito rotate-secret", function()
  it("adds a secret and verifies it, and the old one stays", function()
    local result = rotate {}
    assert.equal(0, result.status, result.err)
    assert.matches("^write   done %([^\n]+%)\nadd     done %([^\n]+%)\nverify  done\n$", result.out)
    assert.truthy(result.err:find("next: give " .. path, 1, true), result.err)
    assert.same({ "600", "600" }, { mode(path), mode(path .. ".rotation") })
    assert.is_true(works(content(path)))
    assert.is_true(works(server.settings.COGNITO_CLIENT_SECRET))
    assert.is_nil(content(path .. ".rotation"):find(content(path), 1, true))
    quiet(result)
  end)

  it("goes on where it ended, and deletes the old one", function()
    assert.equal(0, rotate({}).status)
    local secret = content(path)
    local result = rotate { "--delete-after", "0" }
    assert.equal(0, result.status, result.err)
    assert.matches("^wait    done\ndelete  done %([^\n]+%)\n$", result.out)
    assert.truthy(result.err:find("holds the app client's only secret", 1, true), result.err)
    assert.same({ secret, nil }, { content(path), content(path .. ".rotation") })
    assert.is_true(works(secret))
    assert.is_false(works(server.settings.COGNITO_CLIENT_SECRET))
    assert.equal(1, executed "add_user_pool_client_secret")
    quiet(result)
  end)

  for _, operation in ipairs { "add_user_pool_client_secret", "delete_user_pool_client_secret" } do
    it("asks the service what became of it where the reply is lost: " .. operation, function()
      lost(operation)
      local result = rotate { "--delete-after", "0" }
      assert.equal(0, result.status, result.err)
      assert.equal(1, executed(operation))
      assert.is_true(works(content(path)))
      assert.equal(1, (select(2, secrets())))
    end)

    it("goes on after a refusal: " .. operation, function()
      misbehave(operation, { what = "error", code = "AccessDeniedException" })
      local result = rotate { "--delete-after", "0" }
      assert.equal(1, result.status)
      assert.truthy(result.err:find("AccessDeniedException", 1, true), result.err)
      assert.is_true(works(server.settings.COGNITO_CLIENT_SECRET))
      local secret = content(path)
      assert.equal(0, rotate({ "--delete-after", "0" }).status)
      assert.equal(secret, content(path))
      assert.is_true(works(secret))
    end)
  end

  it("finds that the old one is gone after a run that was killed", function()
    assert.equal(0, rotate({}).status)
    local notes = cjson.decode(content(path .. ".rotation"))
    assert(secrets():delete_user_pool_client_secret { client_id = notes.client_id, client_secret_id = notes.old })
    local result = rotate { "--delete-after", "0" }
    assert.equal(0, result.status, result.err)
    assert.is_nil(content(path .. ".rotation"))
  end)

  for story, fault in pairs {
    ["refused"] = { what = "error", code = "NotAuthorizedException",
      message = "Unable to verify secret hash for client x" },
    ["throttled"] = { what = "throttle", times = 3 },
    ["lost"] = { what = "drop", times = 3 },
    ["answered by another server"] = { what = "status_502", times = 3 },
  } do
    it("deletes nothing where the new secret is not seen to work: " .. story, function()
      misbehave("confirm_sign_up", fault)
      local result = rotate { "--delete-after", "0" }
      assert.equal(1, result.status)
      assert.is_true(works(server.settings.COGNITO_CLIENT_SECRET))
      assert.equal(0, executed "delete_user_pool_client_secret")
      server:post("/behave", { all = true })
      assert.equal(0, rotate({ "--delete-after", "0" }).status)
      assert.is_true(works(content(path)))
      assert.is_false(works(server.settings.COGNITO_CLIENT_SECRET))
    end)
  end

  it("waits, and goes on with the rest of the time after a signal", function()
    local result = command.on_terminal({ "rotate-secret", "--to", path, "--delete-after", "600" }, { env = env,
      steps = { { "expect", "wait    begun" }, { "signal", "INT" } } })
    assert.equal(130, result.status, cjson.encode(result))
    assert.is_true(works(server.settings.COGNITO_CLIENT_SECRET))
    assert.equal(0, executed "delete_user_pool_client_secret")
    assert.is_number(cjson.decode(content(path .. ".rotation")).verified_at)
  end)

  it("says what it would do, and does nothing of it", function()
    local result = rotate { "--dry-run", "--delete-after", "60" }
    assert.equal(0, result.status, result.err)
    assert.matches("^write   planned [^\n]+\nadd     planned\nverify  planned\nwait    planned %(60 s%)\n"
      .. "delete  planned", result.out)
    assert.same({ nil, nil }, { content(path), content(path .. ".rotation") })
    assert.equal(0, executed "add_user_pool_client_secret")
    assert.equal(0, rotate({}).status)
    local notes = content(path .. ".rotation")
    assert.matches("^wait    planned %(60 s%)\ndelete  planned", rotate({ "--dry-run", "--delete-after", "60" }).out)
    assert.equal(notes, content(path .. ".rotation"))
  end)

  it("prints steps as JSON, and the secret where asked to", function()
    local result = rotate { "--json", "--show", "--delete-after", "0" }
    assert.equal(0, result.status, result.err)
    local steps, shown = {}, nil
    for line in result.out:gmatch "[^\n]+" do
      local object = cjson.decode(line)
      shown = object.secret or shown
      steps[#steps + 1] = object.step and object.step .. "=" .. object.state
    end
    assert.equal("write=done add=done verify=done wait=done delete=done", table.concat(steps, " "))
    assert.equal(content(path), shown)
    assert.equal("", result.err)
  end)

  -- What the shell's redirection of descriptor 3 brought to a file.
  local function to_descriptor(redirection, args)
    local kept = folder .. "/kept"
    local running = command.start({ "rotate-secret", "--to", path, "--secret-fd", "3", (unpack or table.unpack)(args) },
      redirection:gsub("KEPT", kept) .. " </dev/null", env)
    local output = running:await("(.-%f[%w]next: .*)$", "the rotation")
    running:stop()
    return content(kept), output
  end

  it("writes the secret to a descriptor, too, once it is verified", function()
    local kept, output = to_descriptor("3>'KEPT'", {})
    assert.equal(content(path) .. "\n", kept)
    assert.is_nil(output:find(content(path), 1, true))
    assert.is_true(works(content(path)))
  end)

  it("prints nothing but the secret where that goes to standard output", function()
    for _, args in ipairs { { "--secret-fd", "1" }, { "--json", "--show", "--secret-fd", "1" } } do
      local result = rotate(args)
      assert.equal(0, result.status, result.err)
      assert.equal(content(path) .. "\n", result.out)
      assert.is_nil(result.err:find(content(path), 1, true))
    end
    server:post("/reset", { all = true })
    os.remove(path)
    os.remove(path .. ".rotation")
    assert.equal("", rotate({ "--dry-run", "--secret-fd", "1" }).out)
  end)

  it("shows the secret on no terminal without being asked, and adds none then", function()
    local function on_terminal(args, steps)
      table.insert(args, 1, "rotate-secret")
      for _, word in ipairs { "--to", path } do table.insert(args, word) end
      return command.on_terminal(args, { env = env, steps = steps })
    end
    for _, fd in ipairs { "1", "2", "0" } do
      local result = on_terminal({ "--secret-fd", fd }, {})
      assert.equal(2, result.status, result.screen)
      assert.truthy(result.screen:find("is a terminal, which would show the secret", 1, true), result.screen)
    end
    assert.same({}, server:get "/executions")
    local result = on_terminal({ "--secret-fd", "1", "--show" }, {})
    assert.equal(0, result.status, result.screen)
    assert.truthy(result.screen:find(content(path), 1, true))
    assert.is_nil(on_terminal({}, {}).screen:find(content(path), 1, true))
  end)

  it("deletes nothing where the descriptor does not take the secret", function()
    local closed = command.start({ "rotate-secret", "--to", path, "--secret-fd", "3", "--delete-after", "0" },
      "3>/dev/full </dev/null", env)
    local output = closed:await("(.-run the command again.*)$", "the rotation")
    closed:stop()
    assert.truthy(output:find("cannot be written to descriptor 3: ", 1, true), output)
    assert.equal(0, executed "delete_user_pool_client_secret")
    local kept = to_descriptor("3>'KEPT'", {})
    assert.equal(content(path) .. "\n", kept)
    local result = rotate { "--secret-fd", "8" }
    assert.equal(2, result.status)
    assert.truthy(result.err:find("descriptor 8 is not open: open it for the command, as in 8>FILE\n", 1, true),
      result.err)
  end)

  it("leaves alone a file that is there, and a client that has two secrets", function()
    process.write("mine", path)
    local result = rotate {}
    assert.equal(2, result.status)
    assert.truthy(result.err:find("is there already", 1, true), result.err)
    assert.equal("mine", content(path))
    os.remove(path)
    assert(secrets():add_user_pool_client_secret { client_id = server.settings.COGNITO_CLIENT_ID })
    result = rotate {}
    assert.equal(1, result.status)
    assert.truthy(result.err:find("has two secrets already", 1, true), result.err)
    assert.is_nil(content(path))
  end)

  it("keeps the secret that was added where its file is gone", function()
    assert.equal(0, rotate({}).status)
    os.remove(path)
    local result = rotate { "--delete-after", "0" }
    assert.equal(1, result.status)
    assert.truthy(result.err:find("is not there any more", 1, true), result.err)
    assert.equal(2, (select(2, secrets())))
  end)

  it("takes no notes of another client, and no file of another program's", function()
    assert.equal(0, rotate({}).status)
    process.write("two words", path)
    assert.equal(1, rotate({}).status)
    local other = command.run({ "rotate-secret", "--to", path }, { env = command.into(server,
      { COGNITO_CLIENT_ID = "another0123456789" }) })
    assert.equal(1, other.status) -- the service does not know it
    process.write('{"old":"x","user_pool_id":"eu-west-1_Other","client_id":"y"}', path .. ".rotation")
    local result = rotate {}
    assert.equal(2, result.status)
    assert.truthy(result.err:find("another app client", 1, true), result.err)
    process.write("no JSON", path .. ".rotation")
    assert.equal(1, rotate({}).status)
  end)

  it("needs a file and both ids", function()
    assert.equal(2, rotate({ nowhere = true }).status)
    assert.equal(2, rotate({ nowhere = true, "--to", "" }).status)
    local result = command.run({ "rotate-secret", "--to", path },
      { env = command.into(server, { COGNITO_CLIENT_ID = false }) })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("--client-id", 1, true), result.err)
    assert.equal(2, rotate({ "--delete-after", "soon" }).status)
  end)
end)
