--- The password of a journal in PostgreSQL. libpq quotes what it cannot read of
-- a URL, and that was the error's text; `sslpassword=` was taken as an argument.
local bulk = require "cognito.bulk"
local command = require "spec.support.command"
local helper = require "spec.support.bulk"
local urls = require "cognito.bulk.journal.url"

local SECRET = "S3cr"

-- libpq cannot read them, or reads another host than people meant.
local faulty = {
  "postgres://a:S3cr%zz@127.0.0.1:1/d?job=j", "postgres://a:S3cr%@127.0.0.1:1/d?job=j",
  "postgres://a:S3cr%00@127.0.0.1:1/d?job=j", "postgres://a:S3cr/et@127.0.0.1:1/d?job=j",
  "postgres://a:S3cr?et@127.0.0.1:1/d?job=j", "postgres://a:1/S3cr@127.0.0.1:1/d?job=j",
  "postgres://a:S3cr et@127.0.0.1:1/d?job=j", "postgresql://a:S3cr@127.0.0.1:S3cr/d?job=j",
  "postgres://a@127.0.0.1:1/d?job=j&S3cret", "postgres://a@127.0.0.1:1/d?job=j&password=S3cr=et",
  "postgres://a@127.0.0.1:1/d?job=j&sslpassword=S3cr%zz", "postgres://a:S3cr@[::1/d?job=j",
  "postgres://a:S3cr\tet@127.0.0.1:1/d?job=j",
}

-- libpq can read them; nothing listens there.
local sound = {
  "postgres://a:S3cret@127.0.0.1:1/d?job=j", "postgresql://a:S3cr%23t%40@127.0.0.1:1/d?job=j",
  "postgres://127.0.0.1:1/d?job=j&password=S3cret", "postgres://127.0.0.1:1/d?job=j&user=a&pass%77ord=S3cret",
  "postgres://a:S3cret@127.0.0.1:1,127.0.0.1:1/d?job=j", "postgres://a:S3cr:et@127.0.0.1:1/d?job=j",
  "postgres://a:S3cret@127.0.0.1:1/d?job=j&no_such_option=1", "postgres://a:S3cret@127.0.0.1:99999/d?job=j",
  "postgres://a:S3cret@/d?job=j&host=/nonexistent", "postgres://a:S3cret@%2Fnonexistent/d?job=j",
}

local refused = {
  "postgres://a:S3cret@h/d?job=j", "POSTGRES://a:S3cret@h/d?job=j", "postgres://a:@h/d?job=j",
  "postgres://a%3AS3cret@h/d?job=j", "postgres://a:S3cr/et@h/d?job=j", "postgres://a:S3cr?et@h/d?job=j",
  "postgres://a:S3cr@et@h/d?job=j", "postgres://h/d?password=S3cret&job=j", "postgres://h/d?job=j&sslpassword=S3cret",
  "postgres://h/d?job=j&PASSWORD=S3cret", "postgres://h/d?job=j&SslPassword=S3cret",
  "postgres://h/d?job=j&pass%77ord=S3cret", "postgres://h/d?job=j&%73slpassword=S3cret",
  "postgres://h/d?job=j&oauth_client_secret=S3cret", "postgres://h/d?job=j&scram_client_key=S3cret",
  "host=h password=S3cret", "host=h password = 'S3cret et' dbname=d", "password=S3cret",
  "host='h' sslpassword='S3cret'", "host=h PASSWORD=S3cret",
}

local accepted = {
  "postgres://h/d?job=j", "postgres://a@h/d?job=j", "postgres://a@h:5432/d?job=j", "postgres://a@[::1]:5432/d?job=j",
  "postgres://h/d?job=j&user=a@b", "postgres://h/d?job=j&sslkey=/k&passfile=/p", "reset.db", "/a/b.db", "passwords.db",
  "postgres:///d?host=/run/pg&job=password", "postgres://h1:1,h2:2/d?job=j",
}

local function shows_nothing(text, url)
  text = tostring(text)
  assert.is_nil(text:find(SECRET, 1, true), ("%s: %s"):format(url, text))
end

local has_driver = pcall(require, "luasql.postgres")

describe("a journal's password", function()
  it("is not taken as an argument, in any spelling", function()
    for _, journal in ipairs(refused) do
      assert.is_true(urls.has_secret(journal), journal)
      local shown = command.run { "bulk", "status", "--journal", journal }
      assert.equal(2, shown.status)
      assert.truthy(shown.err:find("the database's password is not taken as an argument", 1, true), shown.err)
      assert.truthy(shown.err:find("PGPASSWORD", 1, true))
      shows_nothing(shown.out .. shown.err, journal)
    end
    for _, journal in ipairs(accepted) do
      assert.is_false(urls.has_secret(journal), journal)
    end
  end)

  it("is in no error about a URL that cannot be read", function()
    if not has_driver then pending "luasql.postgres is not installed" end
    local _, pool = helper.world(1)
    for _, url in ipairs(faulty) do
      assert.is_false(urls.is_sound(url), url)
      local job, err = bulk.open { journal = url, pool = pool }
      assert.is_nil(job)
      assert.equal("invalid_input", err.code, url)
      for _, value in pairs(err) do shows_nothing(value, url) end
      shows_nothing(err, url)
      job, err = bulk.plan { pool = pool, journal = url, action = "reset", users = { "u1" } }
      assert.is_nil(job)
      shows_nothing(err, url)
    end
  end)

  it("is in no error about a database that cannot be reached", function()
    if not has_driver then pending "luasql.postgres is not installed" end
    local _, pool = helper.world(1)
    for _, url in ipairs(sound) do
      assert.is_true(urls.is_sound(url), url)
      local job, err = bulk.open { journal = url, pool = pool }
      assert.is_nil(job)
      assert.equal("journal_away", err.code, url .. ": " .. tostring(err))
      for _, value in pairs(err) do shows_nothing(value, url) end
      shows_nothing(err, url)
    end
  end)

  it("may come from the variable, and the command does not show it", function()
    for _, url in ipairs { faulty[1], faulty[4], sound[1], sound[2], sound[4] } do
      local shown = command.run({ "bulk", "status" }, { env = { COGNITO_BULK_JOURNAL = url } })
      assert.is_true(shown.status == 1 or shown.status == 2)
      assert.is_nil(shown.err:find("is not taken", 1, true), shown.err)
      shows_nothing(shown.out .. shown.err, url)
    end
  end)

  it("is cut out of whatever libpq says", function()
    local url = "postgres://a:S3cr%23t@h/d?job=j&sslpassword=S3cret2"
    assert.equal('x "[redacted]" y [redacted] z [redacted]', urls.hide('x "S3cr%23t" y S3cr#t z S3cret2', url))
    assert.equal("nothing to hide", urls.hide("nothing to hide", "postgres://a@h/d?job=j"))
  end)
end)
