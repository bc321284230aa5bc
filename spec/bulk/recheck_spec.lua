--- The look at a user right before a message is asked for, without a job: what has changed, and what is no answer.
local actions = require "cognito.bulk.actions"
local contact = require "cognito.bulk.contact"
local recheck = require "cognito.bulk.recheck"

local FACTS = contact.facts { auto_verified_attributes = { "email" } }
local context = { action = actions.all.reset, pool_facts = FACTS, key = "key" }

-- A user as ListUsers gives one.
local function listed(more)
  local user = { username = "u", user_status = "CONFIRMED", enabled = true, attributes = {
    { name = "sub", value = "id" }, { name = "email", value = "u@example.com" },
    { name = "email_verified", value = "true" },
  } }
  for name, value in pairs(more or {}) do user[name] = value end
  return user
end

local function row(more)
  local made = { sub = "id", username = "u", status_before = "CONFIRMED", traced = 0,
    contact_before = contact.fingerprint(context.action,
      { attributes = { email = "u@example.com", email_verified = "true" } }, FACTS, "key") }
  for name, value in pairs(more or {}) do made[name] = value end
  return made
end

-- A pool that answers with these pages; the last one ends the listing.
local function pool_of(pages)
  local listing = { n = 0 }
  function listing:next()
    self.n = self.n + 1
    self.ended = self.n == #pages
    local page = pages[self.n]
    if page.code then return nil, page, { status = 400 } end
    return { users = page }
  end
  return { pages = function(_, operation, params)
    listing.asked = { operation, params }
    return listing
  end }, listing
end

local function look(pages, columns)
  return { recheck.look((pool_of(pages)), context, row(columns)) }
end

describe("a look before a message", function()
  it("asks for the user by the id that is never given twice", function()
    local pool, listing = pool_of { { listed() } }
    assert.same({ true, nil, false }, { recheck.look(pool, context, row()) })
    assert.same({ "list_users", { filter = 'sub = "id"' } }, listing.asked)
  end)

  it("says what has changed", function()
    local cases = { { "sub", {}, {} }, { "sub", { { listed() } }, { sub = "other" } },
      { "username", { { listed { username = "v" } } }, {} }, { "status", { { listed { enabled = false } } }, {} },
      { "status", { { listed { user_status = "UNCONFIRMED" } } }, {} },
      { "address", { { listed() } }, { contact_before = "another" } } }
    for i, case in ipairs(cases) do
      local pages = case[2][1] and case[2] or { {} }
      assert.same({ false, case[1], false }, look(pages, case[3]), i)
    end
    assert.same({ false, "status", true }, look { { listed { user_status = "RESET_REQUIRED" } } })
  end)

  it("expects the action's own effect where an earlier attempt may have had it", function()
    local done = { { listed { user_status = "RESET_REQUIRED" } } }
    for _, traced in ipairs { 1, "1" } do
      assert.same({ true, nil, false }, look(done, { traced = traced }))
      assert.same({ false, "status", false }, look({ { listed { user_status = "UNCONFIRMED" } } }, { traced = traced }))
    end
    assert.same({ true, nil, false }, look({ { listed() } }, { traced = 1 }))
    assert.same({ false, "status", true }, look(done, { traced = 2 }))
  end)

  it("goes on over empty pages, but not for ever", function()
    local pages = {}
    for i = 1, 9 do pages[i] = {} end
    pages[10], pages[11] = { listed() }, {}
    assert.same({ true, nil, false }, look(pages))
    table.insert(pages, 1, {})
    local same, err = recheck.look((pool_of(pages)), context, row())
    assert.same({ nil, "repeated_token" }, { same, err.code })
  end)

  it("is none where it went wrong", function()
    local err = { code = "TooManyRequestsException" }
    assert.same({ nil, err, { status = 400 } }, look { {}, err })
  end)
end)
