-- Runtimes of programs' own that leave methods out.

local complete = require "cognito.runtime.complete"

local function minimal()
  return {
    sent = {},
    send = function(self, request) self.sent[#self.sent + 1] = request return { status = 200 } end,
    sleep = function(self, seconds) self.slept = seconds end,
  }
end

describe("a runtime with two methods", function()
  it("gets the others: time by os.time, no slots, nothing that runs apart", function()
    local whole = complete(minimal(), nil, 1)
    assert.is_near(os.time(), whole:now(), 2)
    assert.is_near(os.time(), whole:clock(), 2)
    assert.is_false((whole:admit "https://x"))
    assert.is_nil((whole:release()))
    assert.is_false(whole:detach(error))
  end)

  it("is called with itself, and keeps its own fields", function()
    local given = minimal()
    local whole = complete(given, nil, 1)
    assert.equal(200, whole:send({ url = "a" }, {}).status)
    whole:sleep(3)
    assert.same({ { url = "a" } }, given.sent)
    assert.equal(3, given.slept)
    assert.is_nil(rawget(whole, "slept"))
  end)

  it("tells the time by the function that is given beside it", function()
    local whole = complete(minimal(), function() return 1234 end, 1)
    assert.equal(1234, whole:now())
    assert.equal(1234, whole:clock())
  end)

  it("tells the time by its own now, which is its clock as well", function()
    local given = minimal()
    given.now = function() return 77 end
    local whole = complete(given, function() return 1234 end, 1)
    assert.equal(77, whole:now())
    assert.equal(77, whole:clock())
  end)

  it("may change its methods later", function()
    local given = minimal()
    local whole = complete(given, nil, 1)
    given.send = function() return nil, "later" end
    local response, err = whole:send({}, {})
    assert.is_nil(response)
    assert.equal("later", err)
  end)
end)

it("a whole runtime stays the very one", function()
  local given = minimal()
  for _, name in ipairs { "now", "clock", "admit", "release", "detach" } do given[name] = function() end end
  assert.equal(given, complete(given, nil, 1))
end)

for _, name in ipairs { "blocking", "loop", "cqueues" } do
  local found, runtime = pcall(require, "cognito.runtime." .. name)
  local mark = found and it or pending
  mark(("the runtime '%s' is whole"):format(name), function()
    local made = runtime.new({})
    assert.equal(made, complete(made, nil, 1))
    if made.close then made:close() end
  end)
end

for _, name in ipairs { "send", "sleep" } do
  it(("a runtime without %s is refused where the client is made"):format(name), function()
    local given = minimal()
    given[name] = nil
    local ok, err = pcall(function()
      require("cognito").new { client_id = "c", region = "eu-west-1", runtime = given }
    end)
    assert.is_false(ok)
    assert.matches("complete_spec.*the runtime has no method '" .. name .. "'.*Your own", err)
  end)
end
