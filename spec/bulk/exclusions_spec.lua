-- Users who are to be left out: a list that would leave out fewer users than it
-- names is refused, whatever made it so.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local reading = require "cognito.bulk.reading"

local file, outcomes = helper.file, helper.outcomes

local NFC, NFD = "\195\137mile", "E\204\129mile" -- Émile

local function refused(pool, exclude, given)
  local options = { pool = pool, journal = helper.path(), action = "lock", users = { filter = "" }, exclude = exclude,
    look_up_rate = 1000 }
  for name, value in pairs(given or {}) do options[name] = value end
  local job, err = bulk.plan(options)
  assert.is_nil(job)
  assert.is_nil(io.open(options.journal))
  return err
end

local function unmatched(pool, exclude, count, names, given)
  local err = refused(pool, exclude, given)
  assert.equal("unmatched_exclusions", err.code, err)
  assert.equal(count, err.unmatched)
  assert.matches(("%d match%s no user: %s"):format(count, count == 1 and "es" or "", names), err.message, 1, true)
  assert.matches("allow_unmatched", err.hint, 1, true)
end

describe("a list of users to leave out", function()
  setup(helper.setup)
  teardown(helper.teardown)

  -- The same, whichever way its names are looked up: in a filter's list, one by
  -- one, in the whole pool.
  local ways = {
    ["of the whole pool"] = { users = { filter = "" } },
    ["of a filter"] = { users = { filter = 'username ^= "u1"' } },
    ["of a short list"] = { users = { "u1", "u2" } },
    ["of users"] = { users = { { sub = "s", username = "x", status = "CONFIRMED", enabled = true, attributes = {} } } },
  }
  local long = {}
  for i = 1, 200 do long[i] = "u" .. i end
  ways["of a long list"] = { users = long }

  for way, given in pairs(ways) do
    describe("of a plan " .. way, function()
      local pool

      before_each(function()
        local _
        _, pool = helper.world(200)
      end)

      it("with a CSV header in a .txt", function()
        for _, text in ipairs { "username,mail\nu1,u1@example.com\nno1,\n", "Username\ru1\rno1\r",
          "\255\254U\0s\0e\0r\0n\0a\0m\0e\0\n\0u\0001\0\n\0n\0o\0001\0" } do
          unmatched(pool, file("staff.txt", text), 1, "no1 (line 3)", given)
        end
      end)

      it("with columns and no header", function()
        local err = refused(pool, file("staff.txt", "u1,u1@example.com\n"), given)
        assert.matches("the file's format is not recognized: its first line is \"u1,u1@example.com\"", err.message,
          1, true)
      end)

      it("with a misspelt name, and an address in another case", function()
        unmatched(pool, file("staff.txt", "u1\nu2@exmaple.com\nU3\nU4@example.com\n"), 3,
          "u2@exmaple.com (line 2), U3 (line 3), U4@example.com (line 4)", given)
      end)

      it("with more of them than are worth showing", function()
        local names, shown = {}, {}
        for i = 1, 30 do names[i] = "no" .. i end
        for i = 1, 10 do shown[i] = ("no%d (line %d)"):format(i, i) end
        unmatched(pool, file("staff.txt", table.concat(names, "\r\n")), 30, table.concat(shown, ", ") .. ", …", given)
      end)

      it("with one that is allowed to match no user", function()
        local options = { action = "lock", exclude = file("staff.txt", "u1\nnobody\r\nu2@example.com\n"),
          allow_unmatched = true }
        for name, value in pairs(given) do options[name] = value end
        local job = helper.plan(pool, options)
        local summary = assert(job:summary())
        assert.same({ 1, "nobody (line 2)" }, { summary.unmatched, summary.unmatched_names })
        local found = outcomes(job)
        if way ~= "of users" then
          assert.equal("excluded", found.u1)
          assert.is_true(found.u2 == nil or found.u2 == "excluded")
        end
      end)

      it("with nothing in it", function()
        for _, text in ipairs { "", "\n\r\n", "\239\187\191" } do
          local err = refused(pool, file("staff.txt", text), given)
          assert.equal("invalid_input", err.code)
          assert.matches("is empty", err.message, 1, true)
        end
        assert.equal("invalid_input", refused(pool, {}, given).code)
        assert.matches("no header", refused(pool, file("staff.csv", ""), given).message, 1, true)
      end)
    end)
  end

  it("may have a byte order mark, CRLF, and a decomposed accent", function()
    for _, stored in ipairs { NFC, NFD } do
      local box, pool = helper.world(100)
      box:add_user { username = stored, email = "emile@example.com" }
      for _, written in ipairs { NFC, NFD } do
        local exclude = file("staff.txt", "\239\187\191" .. written .. "\r\nu1\r\n")
        for _, users in ipairs { { filter = "" }, { stored, "u1", "u2" } } do
          local found = outcomes(helper.plan(pool, { users = users, exclude = exclude }))
          assert.same({ "excluded", "excluded", "planned" }, { found[stored], found.u1, found.u2 })
        end
      end
    end
  end)

  it("of unknown format is refused, with the line that was seen", function()
    local _, pool = helper.world(3)
    for text, message in pairs {
      ["u1\nu2\ru3\r"] = "line 2: the user's name holds carriage returns: lines end with LF or CRLF",
      ["u\0001\0\n\0"] = "line 1: this is UTF-16 without its byte order mark: save it as UTF-8",
      ["u1\n\201mile\n"] = "line 2: this is not UTF-8: save the file as UTF-8, or convert it with iconv",
    } do
      local path = file("staff.txt", text)
      local err = refused(pool, path)
      assert.equal("invalid_input", err.code)
      assert.equal(path .. ", " .. message, err.message)
      assert.equal(path, err.file)
    end
  end)

  it("is compared as the pool compares names", function()
    local box, pool = helper.world(100, { case_sensitive = false, alias_attributes = { "email" } })
    box:add_user { username = NFC, email = "emile@example.com" }
    local exclude = file("staff.txt", "U1\nU2@EXAMPLE.com\n" .. "\195\169MILE\n")
    for _, users in ipairs { { filter = "" }, { "u1", "u2", "u3", NFC } } do
      local found = outcomes(helper.plan(pool, { users = users, exclude = exclude }))
      assert.same({ "excluded", "excluded", "planned", "excluded" }, { found.u1, found.u2, found.u3, found[NFC] })
    end
  end)

  -- A final sigma folds to a sigma, which lower case does not tell.
  it("is looked up by the service where the table of lower case does not know how the pool folds", function()
    local box, pool = helper.world(100, { case_sensitive = false })
    local user = box:add_user { username = "\207\131", email = "sigma@example.com" }
    local admin_get_user = pool.admin_get_user
    rawset(pool, "admin_get_user", function(self, params)
      return admin_get_user(self, { username = params.username == "\207\130" and user.username or params.username })
    end)
    local new = reading.new -- whose client would be another one
    reading.new = function(...)
      local read = new(...)
      read.pool = pool
      return read
    end
    finally(function() reading.new = new end)
    for _, users in ipairs { { filter = "" }, { "u1", "\207\131" } } do
      local job = helper.plan(pool, { users = users, exclude = { "\207\130" } })
      assert.equal("excluded", outcomes(job)["\207\131"])
    end
  end)

  it("costs its look-ups, and the whole pool is read where that is cheaper", function()
    local box, pool = helper.world(600)
    local many = {}
    for i = 1, 30 do many[i] = "u" .. 600 - i end
    local job = helper.plan(pool, { users = { "u1" }, exclude = { "u2", "u3" } })
    assert.same({ 3, 3 }, { box:executions "list_users", assert(job:summary()).calls.list_users })
    job = helper.plan(pool, { users = { "u1" }, exclude = many })
    assert.equal(10, assert(job:summary()).calls.list_users)
    job = helper.plan(pool, { users = { filter = 'username = "u1"' }, exclude = many })
    assert.equal(11, assert(job:summary()).calls.list_users)
    job = helper.plan(pool, { users = { filter = "" }, exclude = many })
    assert.equal(10, assert(job:summary()).calls.list_users)
  end)
end)
