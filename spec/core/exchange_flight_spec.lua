--- Exchanges in flight: `http:launch` puts them there, `http:land` gives each
-- its reply, and nothing gives it one that is not its own.
local core = require "cognito.core"
local in_child = require("spec.support.fork").in_child
local scripted = require "spec.support.scripted"
local start_server = require("spec.support.server").start
local wire = require "cognito.wire"

local server, http

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)

before_each(function() http = core.http { timeout = 60 } end)
after_each(function() http:close() end)

local entries -- by id

before_each(function() entries = {} end)

-- "/body" replies with the body: the result names the user that was sent.
local function prepare(exchange, username, path)
  assert(exchange:prepare("forgot_password", { username = username or "ada" }, core.caller {
    region = "eu-west-1", client_id = "client", endpoint = server:url(path or "/body"),
  }))
  return exchange
end

local function prepared(username, path)
  return prepare(core.exchange(), username, path)
end

-- Launches an exchange, with an entry for it.
local function launch(exchange, ...)
  local entry = { exchange = exchange }
  local id, err = http:launch(exchange, ...)
  if not id then
    return nil, err
  end
  entries[id], entry.id = entry, id
  return entry
end

-- Steps until an outcome is there, and lands it.
local function land()
  local until_time = core.clock() + 60
  while http:step(1) == 0 do
    assert(core.clock() < until_time, "nothing lands")
  end
  return http:land(entries)
end

describe("http:launch and http:land", function()
  it("leave each reply in its own exchange", function()
    local names = {}
    for i = 1, 20 do
      local entry = launch(prepared("user-" .. i))
      names[entry] = "user-" .. i
    end
    assert.equal(20, http:stats().in_flight)
    for _ = 1, 20 do
      local entry, landed, err = land()
      assert.is_nil(err)
      assert.is_true(landed)
      assert.is_nil(entries[entry.id])
      assert.equal(names[entry], assert(entry.exchange:parse()).Username)
      names[entry] = nil
    end
    assert.is_nil(next(names))
    assert.is_nil(next(entries))
    assert.is_nil((http:land(entries)))
  end)

  -- As in replies that are tables: an empty header is none.
  it("take the request's id from the first header that has one", function()
    local path = scripted.path("ids", { "HTTP/1.1 200 OK\r\nX-Amzn-RequestId:\r\nX-Amz-Request-Id: r-2\r\n"
      .. "Content-Length: 2\r\n\r\n{}" })
    local entry = launch(prepared("ada", path))
    assert.equal(entry, (land()))
    local result, err, meta = entry.exchange:parse()
    assert.same({ {}, nil, "r-2" }, { result, err, meta.request_id })
  end)

  it("take what was started beside them", function()
    local id = assert(http:start { method = "GET", url = server:url "/soon" })
    entries[id] = { id = id }
    local first = launch(prepared())
    local seen = {}
    for _ = 1, 2 do
      local entry, response = land()
      seen[entry] = response
    end
    assert.is_true(seen[first])
    for entry, response in pairs(seen) do
      if entry ~= first then
        assert.equal("soon", response.body)
      end
    end
  end)

  it("say how the exchange is that is in flight, and let nothing be done with it", function()
    local exchange = launch(prepared(nil, "/hang")).exchange
    for _, method in ipairs { "request", "parse", "headers" } do
      assert.error_matches(function() exchange[method](exchange) end, "the exchange is in flight, not")
    end
    for _, f in ipairs {
      function() prepare(exchange) end,
      function() exchange:header("X-Name", "value") end,
      function() exchange:respond { status = 200 } end,
      function() http:launch(exchange) end,
      function() http:carry(exchange) end,
    } do
      assert.error_matches(f, "the exchange is in flight, not")
    end
  end)

  it("keep nothing of what failed, and the exchange can be used again", function()
    local entry = launch(prepared(nil, "/hang"), 0.05)
    local same, landed, err = land()
    assert.equal(entry, same)
    assert.is_nil(landed)
    assert.equal("timeout", err.code)
    assert.is_true(err.sent)
    assert.error_matches(function() entry.exchange:headers() end, "the exchange is empty, not answered")
    launch(prepare(entry.exchange, "eve"))
    assert.equal("eve", assert((land()).exchange:parse()).Username)
  end)

  it("tell one that was cancelled", function()
    local entry = launch(prepared(nil, "/hang"))
    http:step(0)
    assert.is_true(http:cancel(entry.id))
    local same, landed, err = http:land(entries)
    assert.equal(entry, same)
    assert.is_nil(landed)
    assert.equal("aborted", err.code)
  end)

  it("give the timings that were asked for", function()
    launch(prepared(), nil, nil, nil, true)
    assert.equal("number", type(select(3, (land()).exchange:parse()).timings.total))
    launch(prepared(nil, "/hang"), 0.05, nil, nil, true)
    assert.equal("number", type(select(3, land()).timings.total))
  end)

  it("refuse plain http to other hosts, before anything is in flight", function()
    local exchange = core.exchange()
    assert(exchange:prepare("forgot_password", { username = "a" },
      core.caller { region = "eu-west-1", client_id = "c", endpoint = "http://example.com" }))
    local id, err = http:launch(exchange)
    assert.is_nil(id)
    assert.equal("invalid_parameter", err.code)
    assert.is_false(err.sent)
    assert.equal(0, http:stats().in_flight)
    prepare(exchange)
  end)

  it("refuse what is no exchange, times that are none, and what is no table", function()
    assert.error_matches(function() http:launch {} end, "exchange expected")
    assert.error_matches(function() http:launch(wire.exchange()) end, "exchange expected")
    assert.error_matches(function() http:launch(core.exchange()) end, "the exchange is empty, not prepared")
    local exchange = prepared()
    assert.error_matches(function() http:launch(exchange, 0) end, "option 'timeout': seconds")
    assert.error_matches(function() http:launch(exchange, 1, 1, 1, 1) end, "option 'timings': true or false")
    assert.error_matches(function() http:land() end, "table expected")
    assert.equal(0, http:stats().in_flight)
    http:close()
    assert.error_matches(function() http:launch(exchange) end, "the http object is closed")
    assert.error_matches(function() http:land {} end, "the http object is closed")
    assert(exchange:request())
  end)
end)

describe("a reply that comes too late", function()
  -- Lands the outcome of an entry whose exchange has gone on.
  local function drop(entry)
    local same, response, err = land()
    assert.equal(entry, same)
    return response, err
  end

  it("does not come to an exchange that was cleared", function()
    local entry = launch(prepared "ada")
    entry.exchange:clear()
    assert.equal(200, drop(entry).status)
    assert.error_matches(function() entry.exchange:parse() end, "the exchange is empty, not answered")
  end)

  it("does not come to an exchange that has another request by now, prepared or in flight", function()
    local entry = launch(prepared "ada")
    entry.exchange:clear()
    prepare(entry.exchange, "eve")
    assert.equal(200, drop(entry).status)
    entry = launch(entry.exchange)
    entry.exchange:clear()
    local second = launch(prepare(entry.exchange, "mallory"))
    local seen = {}
    for _ = 1, 2 do
      local each, landed = land()
      seen[each] = landed
    end
    assert.equal("table", type(seen[entry]))
    assert.is_true(seen[second])
    assert.equal("mallory", assert(entry.exchange:parse()).Username)
  end)

  it("finds no entry that was taken out, and none that holds something else", function()
    entries[launch(prepared()).id] = nil
    local entry, response = land()
    assert.is_false(entry)
    assert.equal(200, response.status)
    for _, other in ipairs { 1, "x", {}, io.stdout, wire.exchange() } do
      launch(prepared()).exchange = other
      local _, found = land()
      assert.equal(200, found.status)
    end
    entries[launch(prepared()).id] = "no table"
    assert.equal("no table", (land()))
  end)

  it("harms nothing when the exchange was collected, or the http object first", function()
    for _ = 1, 5 do
      local id = assert(http:launch(prepared()))
      collectgarbage()
      collectgarbage()
      entries[id] = { id = id }
      assert.equal(200, select(2, land()).status)
    end
    local exchange = prepared(nil, "/hang")
    local own = core.http()
    assert(own:launch(exchange))
    own:step(0)
    own = nil -- luacheck: ignore
    collectgarbage()
    collectgarbage()
    assert.error_matches(function() exchange:parse() end, "in flight, not answered")
    exchange:clear()
    launch(prepare(exchange, "eve"))
    assert.equal("eve", assert((land()).exchange:parse()).Username)
  end)

  it("is none in a child: what flew when the process forked is aborted there, and lands here", function()
    local entry = launch(prepared(nil, "/later"))
    http:step(0)
    assert.equal(0, in_child(function()
      local same, landed, err = land()
      assert(same == entry and landed == nil and err.code == "aborted")
      launch(prepare(entry.exchange, "eve"))
      assert((land()).exchange:parse().Username == "eve")
    end))
    assert.is_true(select(2, land()))
    assert(entry.exchange:parse())
  end)
end)
