-- Every member of every reply that something of ours reads is, in turn, missing
-- and of each other type of JSON. The reader ends with a result or an error of
-- the library: never with a traceback, and with no message too many.

local attributes = require "cognito.attributes"
local bulk = require "cognito.bulk"
local client = require "cognito.cli.client"
local cognito = require "cognito"
local console = require "cognito.cli.console"
local core = require "cognito.core"
local errors = require "cognito.errors"
local helper = require "spec.support.bulk"
local json = require "cognito.cli.json"
local pages = require "cognito.pages"
local odd = require "spec.support.odd_replies"
local recovery = require "cognito.recovery"
local stop = require "cognito.cli.stop"

-- ---- replies ----

local function full_reply(operation)
  return core.write_json(odd.full(core.describe(operation).output))
end

local function parsed(operation, body)
  local result, err = core.parse(operation, { status = 200, headers = {}, body = body })
  return result, not result and errors.new(err) or nil, { operation = operation, attempts = 1 }
end

-- A client whose one operation has the odd reply; the others have all members.
local function stand_in(operation, body)
  local function reply(name)
    return parsed(name, name == operation and body or full_reply(name))
  end
  local function list(_, name, params)
    return pages.pages(name, pages.of(name), params, function() return reply(name) end)
  end
  local function describe()
    return { settings = { region = { value = "us-east-1" }, user_pool_id = { value = "eu-west-1_Ab12Cd34E" } } }
  end
  return setmetatable({ pages = list, describe = describe }, { __index = function(_, name)
    return function() return reply(name) end
  end })
end

-- ---- readers ----

local function mute_console(options)
  local shown = console.new(options, function() end)
  shown.write = function(_, data) assert(type(data) == "string") end
  shown.flush, shown.tell = function() end, function(_, format, ...)
    assert(type(format:format(...)) == "string")
  end
  shown.is_terminal = function() return false end
  return shown
end

local function run_command(name, pool, args)
  local new = client.new
  client.new = function() return pool end
  local ok, err = xpcall(function() require("cognito.cli.command." .. name).run(args, mute_console(args)) end,
    function(err) return stop.is(err) and err or debug.traceback(tostring(err), 2) end)
  client.new = new
  if not ok and not stop.is(err) then
    error(err, 0)
  end
end

-- A command with what it prints for people and what it prints for programs.
local function command(name, args)
  return function(pool)
    for _, is_json in ipairs { false, true } do
      local given = { json = is_json or nil, username = "ada", client_metadata = {} }
      for key, value in pairs(args or {}) do
        given[key] = value
      end
      run_command(name, pool, given)
    end
  end
end

local function doctor(given_secret)
  return function(pool)
    local report = { ok = function() end, note = function() end, wrong = function() end }
    for name in pairs(report) do
      report[name] = function(_, check, text) assert(type(check) == "string" and type(text) == "string") end
    end
    require("cognito.cli.doctor.service").check(report, {
      has_credentials = true, is_reached = true, pool = pool, given = { client_secret = given_secret },
      described = { settings = { user_pool_id = { value = "x" }, client_id = { value = "x" } } },
    })
  end
end

local function advise(pool)
  local described = pool:describe_user_pool {}
  local advice, err = recovery.advise(pool, "ada", described, {
    factors = true, replicas = pool:list_user_pool_replicas {} or nil,
  })
  assert(advice and type(advice.text) == "string" or errors.is_error(err))
end

local function neutral(operation)
  return function(pool)
    local page = recovery.public_answer(pool[operation](pool, {}))
    assert(type(page.outcome) == "string" and type(tostring(page.log)) == "string")
  end
end

local function list_attributes(pool)
  local user = pool:admin_get_user {}
  for name, value in pairs(attributes.values(user and user.user_attributes)) do
    assert(type(name) == "string" and type(value) == "string")
  end
end

local readers = {
  admin_get_user = { command "admin_get_user", command "advise", advise, list_attributes },
  admin_reset_user_password = { command("admin_reset_user_password", { sign_out = true }) },
  admin_user_global_sign_out = { command("admin_reset_user_password", { sign_out = true }) },
  confirm_forgot_password = { neutral "confirm_forgot_password" },
  confirm_sign_up = { neutral "confirm_sign_up" },
  admin_get_user_auth_factors = { advise },
  list_user_pool_replicas = { advise },
  describe_user_pool = { doctor(), command "advise", advise },
  describe_user_pool_client = { doctor(), doctor "x" },
  list_user_pool_client_secrets = { doctor "x", doctor { "x", "y" } },
  forgot_password = { command "forgot_password", neutral "forgot_password" },
  list_users = { command("list_users", { limit = 5 }), command("list_users", { attributes = { "x" }, limit = 5 }) },
  resend_confirmation_code = { command "resend_confirmation_code", neutral "resend_confirmation_code" },
}

local function try(label, f, ...)
  local args = { ... }
  local ok, err = xpcall(function() return f((table.unpack or unpack)(args)) end, function(err)
    return errors.is_error(err) and err or debug.traceback(tostring(err), 2)
  end)
  if not ok and not errors.is_error(err) then
    error(("%s: %s"):format(label, err), 0)
  end
end

describe("odd members of replies end in no traceback", function()
  for operation, list in pairs(readers) do
    it("where " .. operation .. " is read", function()
      for _, case in ipairs(odd.of(full_reply(operation))) do
        for i, reader in ipairs(list) do
          try(("reader %d, %s"):format(i, case.label), reader, stand_in(operation, case.body))
        end
      end
    end)
  end

  it("where any reply is printed", function()
    for _, operation in ipairs(core.operations()) do
      local members = core.describe(operation).output
      for _, case in ipairs(odd.of(full_reply(operation))) do
        local result, err = parsed(operation, case.body)
        if result then
          try(case.label, json.pretty, result, members)
          assert(core.read_json(json.line(result, members)), case.label)
        else
          assert.equal("malformed_response", err.code)
        end
      end
    end
  end)
end)

-- ---- bulk jobs ----

-- Members that the sandbox's replies do not have.
local also = {
  describe_user_pool = {
    { "UserPool", "AliasAttributes" }, { "UserPool", "UsernameConfiguration" },
    { "UserPool", "UsernameConfiguration", "CaseSensitive" }, { "UserPool", "EmailConfiguration" },
    { "UserPool", "AccountRecoverySetting" }, { "UserPool", "AccountRecoverySetting", "RecoveryMechanisms" },
  },
  list_users = { { "PaginationToken" } },
}

-- A runtime into the sandbox that gives one operation an odd reply.
local function detour(box, odd_reply)
  return {
    send = function(_, request, options)
      local response, err = box:send(request, options)
      return response and response.status == 200 and odd_reply(request, response) or response, err
    end,
    sleep = function(_, seconds) box:sleep(seconds) end,
    now = function() return box:now() end,
    clock = function() return box:clock() end,
  }
end

local function target_of(request)
  for _, header in ipairs(request.headers) do
    local target = header[1]:lower() == "x-amz-target" and header[2]:match "%.(%w+)$"
    if target then
      return target
    end
  end
end

local function bulk_world(odd_reply)
  local box = helper.world(1)
  local given = box:settings()
  given.runtime = detour(box, odd_reply)
  return box, cognito.new(given)
end

-- Plans and runs a job; returns how often the operation was asked.
local function carry_out(box, pool, given)
  local options = { pool = pool, journal = helper.path(), action = "reset", look_up_rate = 1000 }
  for name, value in pairs(given) do
    options[name] = value
  end
  local job, err = bulk.plan(options)
  if job then
    local status
    status, err = job:run { rate = 1000, yes = true }
    job:close()
    assert(status or errors.is_error(err))
  else
    assert(errors.is_error(err))
  end
  assert(box:executions("admin_reset_user_password", "u1") <= 1, "two messages")
end

local of_pool, of_names = { users = { filter = "" } }, { users = { "u1", "u1@example.com", "nobody" } }
local that_locks = { users = { filter = "" }, action = "lock" }

-- Jobs for which the operation is asked.
local jobs = {
  list_users = { of_pool, of_names }, describe_user_pool = { of_names, that_locks }, admin_get_user = { of_names },
  admin_reset_user_password = { of_pool }, admin_user_global_sign_out = { of_pool, that_locks },
}

describe("bulk jobs survive odd members", function()
  setup(helper.setup)
  teardown(helper.teardown)

  for operation, asking in pairs(jobs) do
    it("of " .. operation, function()
      local wire_name, body = core.describe(operation).wire_name, nil
      local _, pool = bulk_world(function(request, response)
        body = body or target_of(request) == wire_name and response.body
      end)
      assert(pool[operation](pool, operation:find "^admin" and { username = "u1" } or {}))
      local cases = odd.of(assert(body), also[operation], odd.few)
      for i, given in ipairs(asking) do
        for _, case in ipairs(cases) do
          local box, detoured = bulk_world(function(request, response)
            if target_of(request) == wire_name then
              return { status = 200, headers = response.headers, body = case.body }
            end
          end)
          try(("job %d: %s"):format(i, case.label), carry_out, box, detoured, given)
        end
      end
    end)
  end
end)
