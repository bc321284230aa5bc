--- The recipes of docs/observability.md, run as they stand there over libraries
-- that do what those of OpenTelemetry and Prometheus document.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local loads = rawget(_G, "loadstring") or load

local function recipe(heading)
  local file = assert(io.open "docs/observability.md")
  local text = file:read "*a"
  file:close()
  return assert(text:match("\n## " .. heading .. "\n.-\n```lua\n(.-)```"))
end

-- A client as the recipe makes it, over a runtime that plays the script.
local function run(heading, locals, script)
  local runtime = fake.new(script)
  local names, values = { "cognito" }, { cognito }
  for name, value in pairs(locals) do names[#names + 1], values[#values + 1] = name, value end
  local source = recipe(heading):gsub("local pool = cognito%.new {",
    "%0 runtime = ..., random = nothing, env = function() end,")
  source = ("return function(%s, nothing, ...)\n%s\nreturn pool\nend"):format(table.concat(names, ", "), source)
  values[#values + 1], values[#values + 2] = function() return 0 end, runtime
  local pool = assert(loads(source))()((unpack or table.unpack)(values))
  return pool, runtime
end

local throttle = fake.failure(400, "TooManyRequestsException")

describe("the recipe for OpenTelemetry", function()
  local MODULES = { "attribute", "trace.propagation.text_map.trace_context_propagator", "trace.span_kind",
    "trace.span_status" }
  local spans

  local tracer = {}
  function tracer:start(context, name, config) -- luacheck: no self
    local span = { name = name, config = config, parent = context, set = {} }
    spans[#spans + 1] = span
    span.number = #spans
    function span:set_attributes(...) for _, each in ipairs { ... } do self.set[each.key] = each.value end end
    function span:set_status(code, message) self.status = { code, message } end
    function span:finish()
      assert(not self.finished, "finished twice")
      self.finished = true
    end
    return { span = span }, span
  end

  before_each(function()
    spans = {}
    local function attribute(key, value)
      assert.is_string(key)
      assert.is_not_nil(value)
      return { key = key, value = value }
    end
    package.loaded["opentelemetry." .. MODULES[1]] = { string = attribute, int = attribute }
    package.loaded["opentelemetry." .. MODULES[2]] = { new = function()
      return { inject = function(_, context, carrier, setter)
        setter.set(carrier, "traceparent", ("00-%032x-%016x-01"):format(1, context.span.number))
        setter.set(carrier, "tracestate", "")
      end }
    end }
    package.loaded["opentelemetry." .. MODULES[3]] = { client = 3 }
    package.loaded["opentelemetry." .. MODULES[4]] = { UNSET = 0, OK = 1, ERROR = 2 }
  end)

  after_each(function()
    for _, name in ipairs(MODULES) do package.loaded["opentelemetry." .. name] = nil end
  end)

  it("makes a span of each attempt, which the request names, and ends it", function()
    local pool, runtime = run("OpenTelemetry", { tracer = tracer, current_context = function() return "request" end },
      { throttle, fake.ok() })
    local sent, err, meta = pool:forgot_password { username = "ada" }
    assert.is_table(sent, tostring(err))
    assert.is_nil(meta.hook_error)
    assert.equal(2, #spans)
    for i, span in ipairs(spans) do
      assert.same({ "Cognito.forgot_password", "request", true, 3 },
        { span.name, span.parent, span.finished, span.config.kind })
      assert.equal(("00-%032x-%016x-01"):format(1, i), fake.header(runtime:request(i), "traceparent"))
      assert.is_nil(fake.header(runtime:request(i), "tracestate"))
      assert.equal(i - 1, span.config.attributes[3].value)
    end
    assert.same({ ["http.response.status_code"] = 400, ["aws.request_id"] = "id-failure" }, spans[1].set)
    assert.same({ 2, "TooManyRequestsException" }, spans[1].status)
    assert.is_nil(spans[2].status)
  end)

  it("ends the span of an attempt without an answer", function()
    local pool = run("OpenTelemetry", { tracer = tracer, current_context = function() end },
      { fake.fault("connection_lost", true) })
    local _, err, meta = pool:forgot_password { username = "ada" }
    assert.equal("connection_lost", err.code)
    assert.is_nil(meta.hook_error)
    assert.same({ true, 2 }, { spans[1].finished, spans[1].status[1] })
    assert.same({}, spans[1].set)
  end)
end)

describe("the recipe for Prometheus", function()
  it("counts attempts and retries, and measures them", function()
    local seen = {}
    local prometheus = {}
    local function metric(name, help, labels)
      assert.truthy(help and labels)
      local function note(_, value, values)
        assert.equal(#labels, #values)
        local key = name .. " " .. table.concat(values, " ")
        seen[key] = (seen[key] or 0) + (name:find "seconds" and 1 or value)
      end
      return { inc = note, observe = note }
    end
    function prometheus:counter(...) return metric(...) end -- luacheck: no self
    function prometheus:histogram(...) return metric(...) end -- luacheck: no self
    local pool = run("Prometheus", { prometheus = prometheus }, { throttle, fake.ok(), fake.fault("timeout", true) })
    local _, _, meta = pool:forgot_password { username = "ada" }
    assert.is_nil(meta.hook_error)
    _, _, meta = pool:forgot_password { username = "ada" }
    assert.is_nil(meta.hook_error)
    assert.same({
      ["cognito_attempts_total forgot_password TooManyRequestsException"] = 1,
      ["cognito_attempts_total forgot_password ok"] = 1,
      ["cognito_attempts_total forgot_password timeout"] = 1,
      ["cognito_retries_total forgot_password"] = 1,
      ["cognito_attempt_seconds forgot_password"] = 3,
    }, seen)
  end)
end)
