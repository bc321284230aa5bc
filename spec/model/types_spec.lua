local bulk_helper = require "spec.support.bulk"
local bulk_options = require "cognito.bulk.options"
local cognito = require "cognito"
local recovery = require "cognito.recovery"
local sandbox = require "cognito.sandbox"
local settings = require "cognito.settings"

-- The fields of a class in the annotations.
local function fields_of(class)
  local fields, inside = {}, false
  for line in io.lines "lua/cognito/types.lua" do
    if line:find "^%-%-%-@class" then
      inside = line:match "^%-%-%-@class ([%w_.]+)" == class
    elseif inside then
      local name = line:match "^%-%-%-@field ([%w_]+)%??"
      if name then fields[name] = true end
    end
  end
  return fields
end

local function names_of(known)
  local names = {}
  for name in pairs(known) do names[name] = true end
  return names
end

describe("the annotations", function()
  it("name every setting and every option, and no other", function()
    assert.same(names_of(settings.known), fields_of "cognito.Settings")
    assert.same(names_of(settings.known_options), fields_of "cognito.Options")
  end)

  it("name every option of a loop, and no other", function()
    assert.same(names_of(require("cognito.runtime.loop").known), fields_of "cognito.LoopOptions")
  end)

  it("name every field of advice and of a page, and no other", function()
    local advice, log = fields_of "cognito.Advice", fields_of "cognito.PageLog"
    local box = sandbox.new { prevent_user_existence_errors = "LEGACY" }
    box:add_user { username = "ada", email = "ada@example.com" }
    local pool = cognito.new(box:settings())
    local seen = {}
    for _, name in ipairs { "ada", "nobody" } do
      for field in pairs(assert(recovery.advise(pool, name))) do seen[field] = true end
    end
    local elsewhere = { user_pool_replicas = { { region_name = "us-east-1", role = "PRIMARY" } } }
    local whole = assert(recovery.advise(pool, "ada", nil, { lost = "WEB_AUTHN", replicas = elsewhere }))
    assert.equal("no_such_factor", whole.reason)
    for field in pairs(whole) do seen[field] = true end
    whole = assert(recovery.advise(pool, "ada", nil, { replicas = elsewhere }))
    for field in pairs(whole) do seen[field] = true end
    assert.same(advice, seen)
    seen = {}
    for _, username in ipairs { "", "nobody", "ada" } do
      local page = recovery.public_answer(pool:resend_confirmation_code { username = username })
      assert.same(fields_of "cognito.Page", names_of(page))
      for field in pairs(page.log) do seen[field] = true end
    end
    assert.same(log, seen)
  end)

  it("name every option of secure, every field of its account and of a step, and no other", function()
    local box = sandbox.new()
    box:add_user { username = "ada", devices = 1 }
    local pool = cognito.new(box:settings())
    local every = { lock = false, factors = { "WEB_AUTHN" }, events = 1, since = 0 }
    assert.same(fields_of "cognito.SecureOptions", names_of(every))
    local account, seen = assert(recovery.secure(pool, "ada", every)), {}
    assert.same(fields_of "cognito.SecureAccount", names_of(account))
    for _, entry in ipairs(account.steps) do
      for field in pairs(entry) do seen[field] = true end
    end
    assert.same(fields_of "cognito.SecureStep", seen)
  end)

  it("name what a bulk job takes and tells, and no more", function()
    assert.same(names_of(bulk_options.plan), fields_of "cognito.BulkPlanOptions")
    assert.same(names_of(bulk_options.run), fields_of "cognito.BulkRunOptions")
    bulk_helper.setup()
    finally(bulk_helper.teardown)
    local box, pool = bulk_helper.world(2)
    box:advance(60)
    local job, told = bulk_helper.plan(pool, { status = "CONFIRMED", older_than = "30s" }), {}
    local secure = bulk_helper.plan(pool, { action = "secure" }) -- some fields are of it alone
    local limited = bulk_helper.plan(pool, { again = true })
    bulk_helper.run(limited, { daily_limit = 1 })
    local function with(seen, others)
      for name in pairs(names_of(others)) do seen[name] = true end
      return seen
    end
    local summed = with(names_of(job:summary()), secure:summary())
    summed.quotas, summed.bound_by, summed.mails_a_day = true, true, true -- of other pools and accounts
    assert.same(summed, fields_of "cognito.BulkSummary")
    box:misbehave { operation = "admin_reset_user_password", what = "error", code = "AccessDeniedException" }
    box:misbehave { operation = "admin_reset_user_password", what = "throttle", times = 10 }
    local function note(progress)
      for name in pairs(progress) do told[name] = true end
    end
    local status = assert(job:run { yes = true, on_progress = note })
    local all = with(with(names_of(status), secure:status()), limited:status())
    assert.same(all, fields_of "cognito.BulkStatus")
    assert(job:resume())
    assert(job:run { on_progress = note })
    assert.same(fields_of "cognito.BulkProgress", told)
    local seen, known = {}, fields_of "cognito.BulkRow"
    for row in job:rows() do
      for name in pairs(row) do seen[name] = true end
    end
    for name in pairs(seen) do assert.is_true(known[name], name) end
    for name in pairs(job:status().runs[1]) do assert.is_true(fields_of "cognito.BulkWorker"[name], name) end
    for name in pairs(getmetatable(job).__index) do assert.is_true(fields_of "cognito.BulkJob"[name], name) end
  end)

  it("name every option of a chain of credentials, and every method of its provider", function()
    assert.same(names_of(require("cognito.credentials.world").known), fields_of "cognito.ChainOptions")
    local provider = require("cognito.credentials").chain {}
    assert.same(names_of(getmetatable(provider).__index), fields_of "cognito.CredentialsProvider")
  end)

  -- The sandbox names what it takes when it refuses something else.
  local function taken(...)
    local good, message = pcall(...)
    assert.is_false(good)
    local names = {}
    for name in message:match "%(there are (.-)%)":gmatch "[%w_]+" do names[name] = true end
    return names
  end

  it("name every option of the sandbox, and what a box can do", function()
    assert.same(taken(sandbox.new, { nonsense = 1 }), fields_of "cognito.SandboxSettings")
    local known = fields_of "cognito.Sandbox"
    for name in pairs(fields_of "cognito.Runtime") do known[name] = true end
    for name in pairs(getmetatable(sandbox.new()).__index) do
      assert.is_true(known[name] or name:find "^__" ~= nil or name == "interrupt", name)
    end
  end)

  it("name every field of a sandbox's user and fault", function()
    local box = sandbox.new()
    local function is_known(method, name)
      local good, message = pcall(box[method], box, { [name] = {} }) -- which suits hardly any
      return good or not message:find(name .. " is unknown", 1, true)
        and not message:find("unknown field '" .. name, 1, true)
    end
    for method, class in pairs { add_user = "cognito.SandboxUser", misbehave = "cognito.SandboxFault" } do
      assert.is_false(is_known(method, "nonsense"))
      for name in pairs(fields_of(class)) do assert.is_true(is_known(method, name), name) end
    end
  end)

  it("name functions of public modules that there are", function()
    local module, short, functions = nil, nil, 0
    for line in io.lines "lua/cognito/types.lua" do
      module = line:match "^%-%-%-@class (%S+)" or module
      short = line:match "^local (%w+) = {}" or short
      local of, name = line:match "^function (%w+)%.([%w_]+)%("
      if of then
        assert.equal(short, of)
        assert.is_function(require(module)[name], module .. "." .. name)
        functions = functions + 1
      end
    end
    assert.is_true(functions > 20)
  end)

  it("name every function of the module", function()
    local text = assert(io.open "lua/cognito/types.lua"):read "*a"
    for name in pairs(require "cognito") do
      assert.truthy(text:find("cognito." .. name, 1, true) or text:find("---@field " .. name, 1, true), name)
    end
  end)
end)
