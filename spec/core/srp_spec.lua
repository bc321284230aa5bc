-- core.srp: each number of a sign-in by SRP beside Python's own integers
-- (spec/support/srp_check.py), and what a server may not send.
local core = require "cognito.core"
local steps = require "spec.c.srp_steps"

local function hex(bytes)
  return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local function bytes_of(text)
  return (text:gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

local GROUP = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA6"
  .. "3B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245"
  .. "E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F2411"
  .. "7C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
  .. "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08"
  .. "CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9"
  .. "DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D"
  .. "04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
  .. "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D8760273"
  .. "3EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB31"
  .. "43DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF" -- RFC 3526, section 5

local TIME, TIMESTAMP = 1793779745, "Wed Nov 4 08:09:05 UTC 2026"
local BLOCK = core.sha256 "block" .. "\0\255\1" -- its base64 has + and /

-- Bytes that are the same in each run.
local function made(tag, n)
  local parts = {}
  for i = 1, math.ceil(n / 32) do parts[i] = core.sha256(tag .. i) end
  return table.concat(parts):sub(1, n)
end

local function base64(bytes)
  local encoding = require "cognito.sandbox.encoding"
  return encoding.base64(bytes)
end

local function case(changes)
  local c = {
    secret = made("a", 32), pool = "bBpjKlyj6", user = "ada", password = "Correct-Horse-9!",
    salt = hex(made("salt", 16)), b = "1" .. hex(made("b", 383)), block = BLOCK, timestamp = TIMESTAMP,
  }
  for name, value in pairs(changes or {}) do c[name] = value end
  return c
end

local FIELDS = { "secret", "pool", "user", "password", "salt", "b", "block", "timestamp" }

-- Python's answers to all cases, as tables of bytes.
local function python(cases)
  local lines = {}
  for i, c in ipairs(cases) do
    local fields = {}
    for at, name in ipairs(FIELDS) do fields[at] = hex(c[name]) end
    lines[i] = table.concat(fields, "\t") .. "\n"
  end
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(table.concat(lines))
  file:close()
  local done = assert(core.run({ "sh", "-c", 'python3 spec/support/srp_check.py <"$1"', "sh", path }, 60))
  os.remove(path)
  assert.equal(0, done.status, done.stderr)
  local answers = {}
  for line in done.stdout:gmatch "[^\n]+" do
    local answer = {}
    for name, value in line:gmatch "(%a+)=(%x*)" do answer[name] = bytes_of(value) end
    answers[#answers + 1] = answer
  end
  return answers
end

local function challenge(c)
  return { pool_name = c.pool, user_id = c.user, password = c.password, salt = c.salt, srp_b = c.b,
    secret_block = base64(c.block), time = TIME }
end

-- Searched for: u, x, S and A with a zero byte in front, which one number of
-- 256 has and which is not hashed along.
local function with_zeros(number)
  return case { salt = hex(made("zero" .. number, 16)), b = hex(made("zero" .. number, 383)) }
end

local ZEROS = { u = 607, x = 884, S = 2150 }

local function cases()
  local list = {
    case(), case { user = "", password = "", pool = "" }, case { password = "p\0q\r\n" },
    case { user = "Zoë@example.com", password = ("long "):rep(1000) },
    case { secret = ("\0"):rep(31) .. "\1" }, case { secret = made("long", 384) }, case { secret = made("a", 128) },
    case { b = "1" }, case { b = "2" }, case { b = "FF" }, case { b = "0080" }, case { b = GROUP:sub(1, -2) .. "E" },
    case { salt = "0" }, case { salt = "7f" }, case { salt = "80" }, case { salt = "abc" },
    case { salt = "00" .. hex(made("s", 15)) }, case { salt = "000" .. hex(made("s", 14)) },
    case { salt = ("f"):rep(768) }, case { salt = hex(made("s", 16)):upper() }, case { block = "x" },
    case { block = "xy" },
    case { secret = made("A118", 32) }, with_zeros(ZEROS.u), with_zeros(ZEROS.x), with_zeros(ZEROS.S),
  }
  for i = 1, 12 do
    list[#list + 1] = case { secret = made("secret" .. i, 32), password = hex(made("password" .. i, i % 24)),
      user = hex(made("user" .. i, 8)), salt = hex(made("salt" .. i, 1 + i % 16)),
      b = hex(made("b" .. i, 1 + i * 31 % 383)), block = made("block" .. i, i) }
  end
  return list
end

describe("a sign-in by SRP", function()
  it("has every number that Python's integers have", function()
    local list = cases()
    local expected = python(list)
    assert.equal(#list, #expected)
    for i, c in ipairs(list) do
      local got = assert(steps(c.secret, c.pool, c.user, c.password, c.salt, c.b))
      for _, name in ipairs { "n", "k", "A", "B", "salt", "u", "x", "S", "key" } do
        assert.equal(hex(expected[i][name]), hex(got[name]), i .. " " .. name)
      end
      local srp = core.srp(c.secret)
      assert.equal((hex(expected[i].A):gsub("^0+", "")), srp:public())
      assert.same({ base64(expected[i].signature), TIMESTAMP }, { srp:answer(challenge(c)) })
    end
  end)

  it("drops the zero bytes in front of every number", function()
    for name, number in pairs(ZEROS) do
      local c = with_zeros(number)
      local got = steps(c.secret, c.pool, c.user, c.password, c.salt, c.b)
      assert.is_true(#got[name] < (name == "S" and 384 or 32), name)
    end
    assert.is_true(#core.srp(made("A118", 32)):public() <= 766)
  end)

  -- The values that the tests of npm's cognito-srp-helper publish.
  it("has the published public number", function()
    local srp = core.srp(("\0"):rep(24) .. bytes_of "abcdef0123456789")
    assert.equal("362be8c4c29e414549c30c6679ddbb556c27717d80c8feec68257bf5edcd855f", srp:public():sub(1, 64))
    assert.equal("049ac49847a048fca4fbe13c6538eea38132c9bc43c9b05690bb7", srp:public():sub(-53))
  end)

  it("has the multiplier that clients of the service have", function()
    local got = steps(made("a", 32), "p", "u", "w", "1", "1")
    assert.equal(GROUP:lower(), hex(got.n:sub(2)))
    assert.equal(hex(core.sha256("\0" .. bytes_of(GROUP) .. "\2")), hex(got.k:sub(-32)))
  end)

  -- SRP_A goes as Java's BigInteger writes it. A first digit of zero comes
  -- with one secret of sixteen.
  it("has no zero in front of its public number", function()
    local even, odd = 0, 0
    for i = 1, 60 do
      local public = core.srp(made("zero" .. i, 32)):public()
      assert.matches("^[1-9a-f][0-9a-f]+$", public)
      if #public % 2 == 0 then even = even + 1 else odd = odd + 1 end
    end
    assert.is_true(even > 0 and odd > 0, even .. " " .. odd)
  end)

  it("has another secret each time", function()
    local seen = {}
    for _ = 1, 20 do
      local public = core.srp():public()
      assert.is_nil(seen[public])
      seen[public] = true
    end
  end)
end)

describe("core.srp_verifier", function()
  local function device(changes)
    local given = { pool_name = "-group", user_id = "eu-west-1_0a", password = "password", salt = made("salt", 16) }
    for name, value in pairs(changes or {}) do given[name] = value end
    return given
  end

  -- As it is hashed: without zeros in front, unless the first bit would be one.
  local function shortest(bytes)
    bytes = bytes:gsub("^%z+", "")
    return (bytes == "" or bytes:byte() >= 128) and "\0" .. bytes or bytes
  end

  -- x is one of the steps that Python's integers have, too.
  it("is g to the x, with the salt that x was made of", function()
    local seen = { first_bit = 0, zeros = 0 }
    for i = 1, 40 do
      local given = device { salt = i % 8 == 0 and "\0\0" .. made("short" .. i, 14) or made("salt" .. i, 16),
        password = "password" .. i }
      local x = steps(made("a", 32), given.pool_name, given.user_id, given.password, hex(given.salt), "1").x
      local expected = shortest(core.mod_power("\2", x, bytes_of(GROUP)))
      assert.same({ base64(shortest(given.salt)), base64(expected) }, { core.srp_verifier(given) })
      seen.first_bit = seen.first_bit + (#shortest(given.salt) == 17 and 1 or 0)
      seen.zeros = seen.zeros + (#shortest(given.salt) < 16 and 1 or 0)
    end
    assert.is_true(seen.first_bit > 5 and seen.zeros > 2)
  end)

  it("has another salt each time", function()
    local seen = {}
    for _ = 1, 20 do
      local salt, verifier = core.srp_verifier { pool_name = "g", user_id = "k", password = "p" }
      assert.is_nil(seen[salt] or seen[verifier])
      seen[salt], seen[verifier] = true, true
    end
  end)

  it("raises for fields that are missing or wrong, by name, without what they hold", function()
    for _, name in ipairs { "pool_name", "user_id", "password" } do
      local given = device { password = "HIDDEN", salt = made("s", 16) }
      given[name] = nil
      local _, message = pcall(core.srp_verifier, given)
      assert.matches("srp_verifier." .. name .. " is missing", message, 1, true)
      given[name] = { "HIDDEN" }
      _, message = pcall(core.srp_verifier, given)
      assert.matches("srp_verifier." .. name .. " must be a string, not a table", message, 1, true)
      assert.is_nil(message:find "HIDDEN")
    end
    for _, salt in ipairs { "", "HIDDEN", made("s", 15), made("s", 17) } do
      local _, message = pcall(core.srp_verifier, device { salt = salt })
      assert.matches("salt must be 16 bytes", message)
    end
    assert.has_error(function() core.srp_verifier() end)
  end)
end)

describe("the timestamp of a sign-in", function()
  it("is the English form, without a zero in front of the day", function()
    local cases_of_time = {
      [0] = "Thu Jan 1 00:00:00 UTC 1970", [TIME] = TIMESTAMP, [TIME + 0.999] = TIMESTAMP,
      [949374245] = "Tue Feb 1 03:04:05 UTC 2000", -- a published one: npm's cognito-srp-helper
      [951782399] = "Mon Feb 28 23:59:59 UTC 2000", [951782400] = "Tue Feb 29 00:00:00 UTC 2000",
      [1798761599] = "Thu Dec 31 23:59:59 UTC 2026", [253402300799] = "Fri Dec 31 23:59:59 UTC 9999",
    }
    for time, expected in pairs(cases_of_time) do
      local given = challenge(case())
      given.time = time
      assert.equal(expected, select(2, core.srp(made("a", 32)):answer(given)))
    end
  end)

  it("names every day and month as C does in English, in any locale", function()
    local srp = core.srp(made("a", 32))
    local before = os.setlocale(nil, "time")
    for day = 0, 366 do
      local given = challenge(case { b = "2" })
      given.time = TIME + day * 86400
      os.setlocale("C", "time")
      local expected = os.date("!%a %b %d %H:%M:%S UTC %Y", given.time):gsub(" 0(%d) ", " %1 ")
      os.setlocale("de_DE.UTF-8", "time")
      if day % 7 == 0 or day < 7 then assert.equal(expected, select(2, srp:answer(given))) end
    end
    os.setlocale(before, "time")
  end)

  it("is refused where it is no time", function()
    for _, time in ipairs { -1, 253402300800, 1e300, -1e300, math.huge, 0 / 0 } do
      local given = challenge(case())
      given.time = time
      local ok, message = pcall(function() return core.srp():answer(given) end)
      assert.is_false(ok)
      assert.matches("answer.time is no time between 1970 and 9999", message, 1, true)
    end
  end)
end)

describe("a server", function()
  local function refused(field, value)
    local given = challenge(case())
    given[field] = value
    local signature, blamed, more = core.srp():answer(given)
    assert.is_nil(signature, value)
    assert.equal(field, blamed, value)
    assert.is_nil(more)
  end

  it("may not send a B that would make the key known: 0, the prime and its multiples", function()
    for _, b in ipairs { "0", "00", ("0"):rep(768), GROUP, GROUP:lower(), "0" .. GROUP, ("F"):rep(768),
      GROUP .. "0000" } do
      refused("srp_b", b)
    end
  end)

  it("may not send what is no number", function()
    for _, text in ipairs { "", " 1", "1 ", "-1", "+1", "0x1", "g", "/", ":", "@", "G", "`",
      "1\0", "\0", "1.0", ("1"):rep(769), "é", "１" } do
      refused("srp_b", text)
      refused("salt", text)
    end
  end)

  it("may not send a block that is no base64", function()
    for _, text in ipairs { "", "A", "AB", "ABC", "ABCDE", "AB=C", "A===", "====", "AB C", "ABC\n", "AB-_", "AAAA\0AAA",
      "AA==AAAA" } do
      refused("secret_block", text)
    end
    for _, text in ipairs { "QQ==", "QUI=", "QUJD", ("QUJD"):rep(30000) } do
      local given = challenge(case())
      given.secret_block = text
      assert.equal(44, #core.srp():answer(given))
    end
  end)
end)

describe("core.srp", function()
  it("raises for secrets of other lengths, and shows none", function()
    for _, secret in ipairs { "", ("HIDDEN"):rep(5), ("HIDDEN"):rep(100) } do
      local ok, message = pcall(core.srp, secret)
      assert.is_false(ok)
      assert.matches("must be 32 to 384 bytes", message)
      assert.is_nil(message:find "HIDDEN")
    end
    assert.has_error(function() core.srp {} end)
  end)

  it("raises for fields that are missing or of another type, by name, without what they hold", function()
    for name in pairs(challenge(case())) do
      local given = challenge(case { password = "HIDDEN" })
      given[name] = nil
      local _, message = pcall(function() return core.srp():answer(given) end)
      assert.matches("answer." .. name .. " is missing", message, 1, true)
      given[name] = true
      _, message = pcall(function() return core.srp():answer(given) end)
      assert.matches("answer." .. name .. " must be a %a+, not a boolean", message)
      assert.is_nil(message:find "HIDDEN")
    end
    assert.has_error(function() core.srp():answer() end)
  end)

  it("reads its fields raw, and passes over others", function()
    local given = challenge(case())
    given.other = 1
    assert.equal(44, #core.srp():answer(given))
    local empty = setmetatable({}, { __index = given })
    assert.has_error(function() core.srp():answer(empty) end)
  end)

  it("is of no use once it is closed, and may be closed twice", function()
    local srp = core.srp()
    srp:close()
    srp:close()
    for _, method in ipairs { "public", "answer" } do
      local ok, message = pcall(srp[method], srp, challenge(case()))
      assert.is_false(ok)
      assert.matches("srp is closed", message)
    end
  end)

  it("takes no other object for its own", function()
    local srp = core.srp()
    for _, wrong in ipairs { {}, "x", 1, io.stdout, core.http(), core.rsa_key() } do
      for _, method in ipairs { "public", "answer", "close" } do
        local ok, message = pcall(srp[method], wrong, challenge(case()))
        assert.is_false(ok)
        assert.matches("srp expected", message)
      end
    end
    local other = require("cognito.wire").srp()
    assert.is_false((pcall(srp.public, other)))
    assert.equal("string", type(other:public()))
  end)

  it("shows nothing in tostring", function()
    assert.matches("^%a[%w_.]*: [%w]+$", tostring(core.srp()))
  end)
end)
