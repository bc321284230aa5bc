-- Listings page by page, over a runtime that answers from a list.

local cognito = require "cognito"
local model = require "model.cognito_idp"
local pages = require "cognito.pages"
local native = require "cognito.native"

local requests

-- A client whose n-th call gets the n-th reply; the last one for ever.
local function client(replies)
  requests = {}
  return cognito.new {
    user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c", max_attempts = 1,
    credentials = { access_key_id = "AKID", secret_access_key = "secret" },
    runtime = {
      send = function(_, request)
        requests[#requests + 1] = request.body
        local reply = replies[math.min(#requests, #replies)]
        return { status = reply[1], headers = {}, body = reply[2] }
      end,
      sleep = function() end,
    },
  }
end

local THREE = {
  { 200, '{"Users":[{"Username":"a"},{"Username":"b"}],"PaginationToken":"1"}' },
  { 200, '{"PaginationToken":"2"}' },
  { 200, '{"Users":[{"Username":"c"}]}' },
}

local function names_of(list)
  local names = {}
  for user in list do names[#names + 1] = user.username end
  return table.concat(names, " ")
end

describe("pool:pages", function()
  it("asks for page after page, with the parameters of the first", function()
    local count, params = 0, { filter = "x", limit = 2 }
    for page in client(THREE):pages("list_users", params) do
      count = count + 1
      assert.is_table(page)
    end
    assert.equal(3, count)
    assert.same({ filter = "x", limit = 2 }, params)
    assert.equal('{"Filter":"x","Limit":2,"UserPoolId":"eu-west-1_Ab12Cd34E"}', requests[1])
    assert.matches('"Filter":"x","Limit":2,"PaginationToken":"1"', requests[2], 1, true)
    assert.matches('"PaginationToken":"2"', requests[3], 1, true)
  end)

  it("goes on from a token that the program has", function()
    local list = client { THREE[3] }:pages("list_users", { pagination_token = "kept" })
    assert(list:next())
    assert.matches('"PaginationToken":"kept"', requests[1], 1, true)
  end)

  it("gives the meta of each call, and nil for ever after the last", function()
    local list = client { THREE[3] }:pages("list_users", {})
    local page, err, meta = list:next()
    assert.equal("c", page.users[1].username)
    assert.is_nil(err)
    assert.equal("list_users", meta.operation)
    assert.is_nil((list:next()))
    assert.is_nil((list:next()))
    assert.equal(1, #requests)
  end)

  it("passes the options of a call on", function()
    local list = client(THREE):pages("list_users", {}, { max_attempts = 2 })
    assert(list:next())
    assert.has_error(function() client(THREE):pages("list_users", {}, { max_atempts = 2 }) end)
  end)
end)

describe("pool:each", function()
  it("gives the items of all pages, the empty ones passed over", function()
    assert.equal("a b c", names_of(client(THREE):each("list_users", {})))
  end)

  it("gives nothing where there is nothing", function()
    assert.equal("", names_of(client { { 200, "{}" } }:each("list_users", {})))
  end)
end)

describe("an error in the middle of a listing", function()
  local broken = { THREE[1], { 400, '{"__type":"NotAuthorizedException","message":"no"}' } }

  it("is raised in a for statement, after what came before it", function()
    local names = {}
    local ok, err = pcall(function()
      for user in client(broken):each("list_users", {}) do names[#names + 1] = user.username end
    end)
    assert.is_false(ok)
    assert.equal("NotAuthorizedException", err.code)
    assert.same({ "a", "b" }, names)
  end)

  it("is returned by next, then and ever after, without another call", function()
    local list = client(broken):each("list_users", {})
    list:next()
    list:next()
    for _ = 1, 2 do
      local user, err = list:next()
      assert.is_nil(user)
      assert.equal("NotAuthorizedException", err.code)
    end
    assert.equal(2, #requests)
  end)
end)

for _, tokens in ipairs { { "1" }, { "1", "2" }, { "1", "2", "3" } } do
  it(("a circle of %d pages ends with an error"):format(#tokens), function()
    local n = 0
    local pool = cognito.new {
      user_pool_id = "eu-west-1_Ab12Cd34E", credentials = { access_key_id = "A", secret_access_key = "s" },
      runtime = {
        send = function()
          n = n + 1
          return { status = 200, headers = {}, body = ('{"PaginationToken":"%s"}'):format(tokens[n % #tokens + 1]) }
        end,
        sleep = function() end,
      },
    }
    local list = pool:each("list_users", {})
    local user, err = list:next()
    assert.is_nil(user)
    assert.equal("repeated_token", err.code)
    assert.matches("Try again later", err.hint)
    assert.is_true(n <= 12, n)
  end)
end

describe("the operations that page", function()
  it("are the model's, with its members, and those with a token besides", function()
    local known = 0
    for wire_name, paginator in pairs(model.paginators) do
      known = known + 1
      for _, operation in ipairs(native.operations()) do
        local described = native.describe(operation)
        if described.wire_name == wire_name then
          local paging, wire = pages.of(operation), {}
          for _, members in ipairs { described.input, described.output } do
            for _, member in ipairs(members) do wire[member.name] = member.wire_name end
          end
          assert.equal(paginator.input_token, wire[paging.token], wire_name)
          assert.equal(paginator.result_key, wire[paging.items], wire_name)
        end
      end
    end
    assert.equal(9, known)
  end)

  it("have one list of items each", function()
    local count = 0
    for _, operation in ipairs(native.operations()) do
      local paging = pages.of(operation)
      if paging then
        count = count + 1
        local lists = 0
        for _, member in ipairs(native.describe(operation).output) do
          lists = lists + (member.type == "list" and 1 or 0)
        end
        assert.equal(1, lists, operation)
      end
    end
    assert.is_true(count >= 18, count)
  end)
end)

describe("a mistake", function()
  local function raises(pattern, f, ...)
    local ok, err = pcall(f, ...)
    assert.is_false(ok)
    assert.matches(pattern, err)
  end

  it("in the operation is named, at the line of the call", function()
    local pool = client(THREE)
    raises("pages_spec.*get_user gives no pages: call pool:get_user", function() pool:each("get_user", {}) end)
    raises("pages_spec.*did you mean 'list_users'", function() pool:pages("list_user", {}) end)
    raises("pages_spec.*takes a table of parameters", function() pool:pages "list_users" end)
    raises("pages_spec.*with a colon", function() pool.each("list_users", {}) end)
  end)

  it("in the operation's type is a sentence, not a name", function()
    local pool = client(THREE)
    for _, wrong in ipairs { { n = 0 }, { {} }, { 3 }, { true } } do
      for _, method in ipairs { "each", "pages", "build" } do
        raises("pages_spec.*" .. method .. " takes the name of an operation, like 'list_users', not a ", function()
          pool[method](pool, wrong[1], {})
        end)
      end
    end
  end)

  it("in the dot names the call that it was meant to be", function()
    local pool = client(THREE)
    for method, right in pairs {
      each = 'pool:each("list_users", { … })', pages = 'pool:pages("list_users", { … })',
      build = 'pool:build("list_users", { … })', with = "pool:with{ … }", connect = "pool:connect()",
      describe = "pool:describe()", forgot_password = "pool:forgot_password{ … }",
    } do
      local ok, message = pcall(function() pool[method]("list_users", {}) end)
      assert.is_false(ok)
      assert.matches("pages_spec", message)
      assert.equal(right, message:match "on a client: (.*)")
    end
  end)

  it("in a listing's dot is named at the line of the call", function()
    local pool = client(THREE)
    for _, listing in ipairs { pool:each("list_users", {}), pool:pages("list_users", {}) } do
      raises("pages_spec%.lua:%d+: call it with a colon, on a listing: listing:next%(%)", function() listing.next() end)
      raises("pages_spec%.lua:%d+: call it with a colon", function() listing.next {} end)
      assert.is_table(listing:next())
    end
  end)
end)

it("the sandbox's users come page by page", function()
  local box = require("cognito.sandbox").new { code = "123456" }
  for i = 1, 130 do box:add_user { username = "user" .. i } end
  local pool, seen = cognito.new(box:settings()), 0
  for _ in pool:each("list_users", { limit = 60 }) do seen = seen + 1 end
  assert.equal(130, seen)
end)
