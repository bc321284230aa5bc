--- Where secrets may be seen, and where never: each is planted in its place, and
-- looked for in every face of the library. Faulty settings
-- are spec/client/faulty_secrets_spec.lua's, nginx's log nginx_secrets_spec.lua's, what
-- memory holds afterwards spec/core/residue_spec.lua's, whole sign-ins
-- spec/recovery/sign_in_secrets_spec.lua's, the password of a journal or a proxy
-- journal_secrets_spec.lua's and proxy_secrets_spec.lua's.

local cjson = require "cjson"
local cognito = require "cognito"
local command = require "spec.support.command"
local core = require "cognito.core"
local fake = require "spec.support.fake_runtime"
local native = require "cognito.native"
local planted = require "spec.support.planted"
local process = require "spec.support.process"
local public_answer = require("cognito.recovery").public_answer
local sandbox_process = require "spec.support.sandbox_process"

local unpack = table.unpack or unpack -- luacheck: ignore

-- By place: the faces in which its secrets are to be seen, with the reason. No other
-- face shows any. The faces of a call: the request, the result, an error's table,
-- text and JSON, the log of a public answer, on_attempt, on_request, tostring and
-- describe of the client, redact.
local by_design = {
  ["the client secret"] = {}, -- its hash is sent
  ["the client's other secret"] = {}, -- likewise, where the first is refused
  ["the secret access key"] = {}, -- a signature is sent
  ["the session token"] = { ["the request"] = "AWS wants it beside the signature" },
  ["a parameter"] = { ["the request"] = "the service is to have it" },
  ["a reply"] = { ["the result"] = "the caller is to have it" },
}

-- The faces of the command: standard output and error, with --verbose and --json and
-- without, doctor, the environment of programs that it starts and its own
-- arguments while they run, journals with all their files, reports. Places:
-- variables, descriptors, standard input, profiles, files of passwords, what
-- programs print. The terminal is spec/cli/secrets_spec.lua's.
local by_design_of_command = {
  ["https_proxy"] = { ["a program"] = "it may go through the same proxy" },
  ["tokens"] = { ["sign-in --json"] = "that is what it is for" },
}

-- The secrets planted in one call, by place.
local marks

local function planter(place, change)
  return function(path)
    local secret = planted.secret(place .. path)
    table.insert(marks[place], secret)
    return change and change(secret, path) or secret
  end
end

-- ---- what comes back ----

local function body_of(described)
  return cjson.encode(planted.fill(described.output, planter "a reply", true))
end

-- Of each operation and its request: an answer of the runtime, or what raises.
local answers = {}

function answers.success(described) return fake.ok(body_of(described)) end

answers["a refusal"] = function()
  return fake.failure(400, "NotAuthorizedException", "Incorrect username or password.")
end

answers["a refusal of the client's secret"] = function()
  return fake.failure(400, "NotAuthorizedException", "Unable to verify secret hash for client c")
end

answers["a refusal with more members"] = function(described)
  return { status = 400, headers = { ["x-amzn-errortype"] = "NotAuthorizedException" }, body = body_of(described) }
end

answers["a gateway's page that shows the request"] = function(_, request)
  return { status = 502, headers = {}, body = "<pre>" .. planted.dump(request) .. "</pre>" }
end

answers["a reply that breaks off"] = function(described) return fake.ok(body_of(described):sub(1, -2)) end

answers["a reply of other types"] = function(described)
  local plant, members = planter "a reply", {}
  for _, member in ipairs(described.output or {}) do
    members[member.wire_name] = member.type == "string" and { plant ".list" } or plant ".text"
  end
  return fake.ok(cjson.encode(members))
end

answers["no reply"] = function() return fake.fault("connection_lost", true) end

answers["a runtime that raises"] = function() error("broken runtime", 0) end

-- ---- what is seen ----

local SETTINGS = { "the client secret", "the client's other secret", "the secret access key", "the session token" }

local PUBLIC = {
  forgot_password = true, resend_confirmation_code = true, confirm_forgot_password = true, confirm_sign_up = true,
}

local observed, asked

local function client(answer)
  marks = { ["a parameter"] = {}, ["a reply"] = {} }
  for _, place in ipairs(SETTINGS) do marks[place] = { planted.secret(place) } end
  observed, asked = {}, {}
  local runtime = fake.new { answer }
  return cognito.new {
    region = "eu-west-1", user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c", env = function() end,
    client_secret = { planted.secret "the client secret", planted.secret "the client's other secret" },
    runtime = runtime, max_attempts = 2,
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = planted.secret "the secret access key",
      session_token = planted.secret "the session token" },
    on_attempt = function(record) observed[#observed + 1] = record end,
    on_request = function(request) asked[#asked + 1] = request end,
  }, runtime
end

local function error_faces(name, err)
  if type(err) ~= "table" then return { ["an error's table"] = tostring(err) } end
  local plain = {}
  for field, value in pairs(err) do plain[field] = type(value) == "table" and planted.dump(value) or value end
  return {
    ["an error's table"] = planted.dump(err), ["an error's text"] = tostring(err),
    ["an error's JSON"] = cjson.encode(plain),
    ["the log of a public answer"] = PUBLIC[name] and tostring(public_answer(nil, err).log) or "",
  }
end

local function faces_of(name, params, answer)
  local pool, runtime = client(answer)
  params = params()
  local raised, result, err = pcall(pool[name], pool, params)
  if not raised then result, err = nil, result end
  local faces = error_faces(name, err)
  faces["the request"] = planted.dump(runtime.sent)
  faces["the result"] = planted.dump(result)
  faces["on_attempt"], faces["on_request"] = planted.dump(observed), planted.dump(asked)
  faces["tostring and describe"] = planted.dump { pool, pool:describe() }
  faces["redact"] = planted.dump { cognito.redact(name, params), cognito.redact(name, result or {}) }
  return faces, result, err
end

local function without(text, secrets)
  for _, secret in ipairs(secrets) do
    for _, form in ipairs { secret, (cjson.encode(secret):sub(2, -2)) } do
      local from, to = text:find(form, 1, true)
      while from do
        text = text:sub(1, from - 1) .. text:sub(to + 1)
        from, to = text:find(form, 1, true)
      end
    end
  end
  return text
end

local function check(faces, story)
  for face, text in pairs(faces) do
    for place, seen in pairs(by_design) do
      if seen[face] then text = without(text, marks[place]) end
    end
    local found = planted.found(text)
    assert.is_nil(found, ("%s shows a secret: %s: %s"):format(face, story, tostring(found)))
  end
end

local function parameters(described, change)
  return function() return planted.fill(described.input, planter("a parameter", change)) end
end

local function each_operation(f)
  for _, name in ipairs(native.operations()) do f(name, cognito.describe(name)) end
end

describe("a secret of a call", function()
  for story, answer in pairs(answers) do
    it("is seen where it must be, and nowhere else: " .. story, function()
      each_operation(function(name, described)
        local faces = faces_of(name, parameters(described), function(request) return answer(described, request) end)
        check(faces, name)
      end)
    end)
  end

  it("is where the table says that it is seen", function()
    local sent, got, signed = 0, 0, 0
    each_operation(function(name, described)
      local faces, result, err = faces_of(name, parameters(described), function() return answers.success(described) end)
      assert.truthy(result, name .. ": " .. tostring(err))
      for _, secret in ipairs(marks["a parameter"]) do
        assert.truthy(faces["the request"]:find(secret, 1, true), name .. " does not send " .. secret)
        sent = sent + 1
      end
      for _, secret in ipairs(marks["a reply"]) do
        assert.truthy(faces["the result"]:find(secret, 1, true), name .. " does not return " .. secret)
        got = got + 1
      end
      signed = signed + (faces["the request"]:find(planted.secret "the session token", 1, true) and 1 or 0)
    end)
    assert.is_true(sent > 150 and got > 100 and signed > 100, ("%d %d %d"):format(sent, got, signed))
  end)
end)

describe("a secret that is refused", function()
  local faults = {
    ["that holds a NUL"] = function(secret) return secret .. "\0" end,
    ["that is not UTF-8"] = function(secret) return secret .. "\255" end,
    ["in a table"] = function(secret) return { secret, [secret] = secret } end,
    ["with a line break"] = function(secret) return secret .. "\r\n" end,
  }

  for story, fault in pairs(faults) do
    it("is in no error: " .. story, function()
      each_operation(function(name, described)
        client()
        parameters(described)()
        for i = 1, #marks["a parameter"] do
          local n = 0
          local faces = faces_of(name, parameters(described, function(secret)
            n = n + 1
            return n == i and fault(secret) or secret
          end), fake.ok())
          check(faces, name)
        end
      end)
    end)
  end
end)

-- ---- of the command ----

describe("a secret of the command", function()
  local box, folder, env

  local SECRET_KEY -- the sandbox's own

  local function file(name, text, mode)
    local path = folder .. "/" .. name
    assert(core.write_private(path, text))
    core.run { "chmod", mode or "600", path }
    return path
  end

  -- A program that notes its environment, and its parent's arguments.
  local function witness(name, prints)
    return file(name, ([[#!/bin/sh
{ tr '\0' '\n' </proc/$$/environ; tr '\0' ' ' </proc/$PPID/cmdline; echo; } >>%s/seen
%s
]]):format(folder, prints or ""), "700")
  end

  local function with(more)
    local all = {}
    for name, value in pairs(env) do all[name] = value end
    for name, value in pairs(more or {}) do all[name] = value or nil end
    return all
  end

  local function check_text(text, face)
    if by_design_of_command.https_proxy[face] then text = without(text, { env.https_proxy }) end
    local found = planted.found(text)
    assert.is_nil(found, ("%s shows a secret: %s"):format(face, tostring(found)))
    assert.is_nil(text:find(SECRET_KEY, 1, true), face .. " shows the secret access key")
  end

  -- Without and with more to say, as text and as JSON.
  local function run(words, more, status, options)
    options = options or {}
    local result
    for _, flags in ipairs(options.once and { {} } or { { "--verbose" }, { "--verbose", "--json" } }) do
      local all = { unpack(words) }
      for _, flag in ipairs(flags) do all[#all + 1] = flag end
      result = command.run(all, { env = with(more), fds = options.fds, stdin = options.stdin })
      assert.equal(status, result.status, result.out .. result.err)
      check_text(result.out, "standard output")
      check_text(result.err, "standard error")
    end
    return result
  end

  setup(function()
    box = sandbox_process.start("--existence-errors LEGACY --code 135790 --client-secret "
      .. planted.secret "client.secret")
    SECRET_KEY = box.settings.AWS_SECRET_ACCESS_KEY
    folder = os.tmpname()
    os.remove(folder)
    core.run { "mkdir", folder }
    env = command.into(box, {
      PGPASSWORD = planted.secret "PGPASSWORD", COGNITO_MFA_CODE = planted.secret "mfa",
      https_proxy = "http://ada:" .. planted.secret "proxy" .. "@127.0.0.1:1",
    })
    assert.equal(planted.secret "client.secret", env.COGNITO_CLIENT_SECRET)
    for _, name in ipairs { "ada", "grace" } do
      box:post("/users", { username = name, password = planted.secret "old.pass", email = name .. "@example.com" })
    end
  end)

  teardown(function()
    box:stop()
    core.run { "rm", "-r", folder }
  end)

  it("is in nothing it prints when it comes from variables", function()
    local given = { COGNITO_CODE = planted.secret "code", COGNITO_PASSWORD = planted.secret "new.pass" }
    run({ "confirm-forgot-password", "ada" }, given, 1)
    run({ "confirm-sign-up", "ada" }, given, 1)
    run({ "sign-in", "ada" }, given, 1)
    run({ "admin-set-user-password", "--permanent", "ada" }, given, 0)
    local shown = run({ "sign-in", "ada" }, given, 0, { once = true })
    assert.is_nil((shown.out .. shown.err):find("eyJ", 1, true), "tokens are shown")
    shown = run({ "sign-in", "ada", "--json" }, given, 0, { once = true })
    assert.truthy(by_design_of_command.tokens["sign-in --json"] and shown.out:find("eyJ", 1, true))
    run({ "secret-hash", "ada" }, given, 0, { once = true })
    run({ "list-users" }, { AWS_SECRET_ACCESS_KEY = planted.secret "key",
      AWS_SESSION_TOKEN = planted.secret "token" }, 1)
    run({ "list-users" }, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = "https://name.invalid" }, 1) -- by the proxy
  end)

  it("is in nothing that doctor prints", function()
    local given = { COGNITO_CODE = planted.secret "code", COGNITO_PASSWORD = planted.secret "new.pass",
      AWS_SESSION_TOKEN = planted.secret "token",
      COGNITO_BULK_JOURNAL = "postgres://a:" .. planted.secret "db" .. "@h/d?job=j" }
    for _, words in ipairs { { "doctor" }, { "doctor", "--json" } } do
      local result = command.run(words, { env = with(given) })
      assert.is_true(#result.out > 0)
      check_text(result.out .. result.err, "doctor")
    end
  end)

  it("is in nothing it prints when it comes from descriptors", function()
    local fds = { [3] = planted.secret "code" .. "\n", [4] = planted.secret "new.pass" .. "\n",
      [5] = planted.secret "client.secret" .. "\n" }
    run({ "confirm-forgot-password", "--code-fd", "3", "--password-fd", "4", "--client-secret-fd", "5", "ada" },
      { COGNITO_CLIENT_SECRET = false }, 1, { fds = fds })
    run({ "call", "confirm-forgot-password", "--params", "-" }, nil, 1, { stdin = cjson.encode {
      username = "ada", confirmation_code = planted.secret "code", password = planted.secret "new.pass" } })
    run({ "call", "confirm-forgot-password", "--params", "-" }, nil, 2, { stdin = cjson.encode {
      username = "ada", confirmation_code = { planted.secret "code" }, password = planted.secret "new.pass" } })
    run({ "call", "confirm-forgot-password", "--params", "-" }, nil, 2, { stdin = '{"password":"'
      .. planted.secret "new.pass" })
  end)

  it("is in nothing it prints when it comes from files and programs, nor shown to them", function()
    local none = { AWS_ACCESS_KEY_ID = false, AWS_SECRET_ACCESS_KEY = false, AWS_SESSION_TOKEN = false, KEPT = "yes" }
    local function keys_in(name, text, status)
      none.AWS_CONFIG_FILE = file(name, text)
      run({ "list-users" }, none, status)
    end
    keys_in("wrong", ("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\naws_session_token = %s\n"):format(
      env.AWS_ACCESS_KEY_ID, planted.secret "key", planted.secret "token"), 1)
    keys_in("odd", ("[default]\naws_access_key_id = %s\naws_secret_access_key\n %s\n"):format(
      env.AWS_ACCESS_KEY_ID, planted.secret "key"), 1)
    local says = ("echo '%s'"):format(cjson.encode { Version = 1, AccessKeyId = env.AWS_ACCESS_KEY_ID,
      SecretAccessKey = SECRET_KEY })
    keys_in("process", "[default]\ncredential_process = " .. witness("keys", says) .. "\n", 0)
    says = ("echo '{\"Version\":1,\"SecretAccessKey\":\"%s'; exit %%d"):format(planted.secret "key")
    for status = 0, 1 do
      keys_in("broken", "[default]\ncredential_process = " .. witness("broken-keys", says:format(status)) .. "\n", 1)
    end
    local seen = core.read_file(folder .. "/seen")
    assert.truthy(seen:find("KEPT=yes", 1, true))
    assert.truthy(seen:find("bin/cognito list%-users"))
    check_text(seen, "a program")
    os.remove(folder .. "/seen")
  end)

  it("is in no journal and no report, nor with the programs of a job", function()
    local journal = folder .. "/set.db"
    local users = file("users.csv", "username\nada\ngrace\n")
    local passwords = file("passwords.csv", ("username,password\nada,%s\ngrace,%s\n"):format(planted.secret "bulk.pass",
      planted.secret "bulk.pass"))
    local function bulk(words, more)
      table.insert(words, 1, "bulk")
      for _, word in ipairs { "--journal", journal } do table.insert(words, word) end
      run(words, more, 0, { once = true })
    end
    local keep = { KEPT = "yes" }
    local hook = witness("hook", ("cat %s/set* >>%s/journal"):format(folder, folder)) -- and its WAL
    for i, source in ipairs { { "--passwords", passwords },
      { "--password-command", witness("password-of", "echo " .. planted.secret "bulk.pass") } } do
      journal = ("%s/set%d.db"):format(folder, i)
      bulk({ "plan", "set-password", users, "--endpoint", box.settings.url }, keep)
      bulk({ "run", "--yes", "--rate", "1000", "--endpoint", box.settings.url, "--hook", hook, unpack(source) }, keep)
      bulk({ "status" }, keep)
      bulk({ "report" }, keep)
      bulk({ "report", "--json" }, keep)
    end
    local kept = process.output_of(("cat %s/set* %s/journal"):format(folder, folder))
    assert.truthy(kept:find("SQLite format 3", 1, true) and kept:find("grace", 1, true))
    check_text(kept, "the journal")
    local seen = core.read_file(folder .. "/seen")
    assert.truthy(seen:find("bin/cognito bulk run", 1, true))
    check_text(seen, "a program")
    run({ "sign-in", "ada" }, { COGNITO_PASSWORD = planted.secret "bulk.pass" }, 0, { once = true })
  end)
end)
