-- Secrets that a process still holds after a call, where the host wipes
-- what Lua, libcurl and OpenSSL free: nothing. The two libraries' memory is
-- wiped for the spec alone; see SECURITY.md.

local certificates = require("spec.support.certificates").get()
local child = require "spec.support.child"
local core = require "cognito.core"
local process = require "spec.support.process"
local scripted = require "spec.support.scripted"
local srp_steps = require "spec.c.srp_steps"
local start_server = require("spec.support.server").start

-- The bytes of wiping_lua's secrets follow from their numbers.
local function secret(number)
  local text = {}
  for i = 0, 23 do text[i + 1] = string.char(97 + (number * 31 + i * i * 7 + i * number * 5 + 13) % 26) end
  return table.concat(text)
end

local function as_escapes(text)
  return (text:gsub(".", function(c) return ("\\u%04x"):format(c:byte()) end))
end

local function reply()
  local body = ('{"AuthenticationResult":{"AccessToken":"%s","IdToken":"%s\\/%s","RefreshToken":"%s"}}'):format(
    secret(6), secret(7), ("x"):rep(2000), as_escapes(secret(8)))
  return ("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"):format(#body, body)
end

-- ---- numbers that follow from secrets, for the cases in which they arise ----

-- wiping_lua must not hold what it looks for: each byte XOR A5.
local function coded(bytes)
  return (bytes:gsub(".", function(c)
    local low, high = c:byte() % 16, math.floor(c:byte() / 16)
    local function flip(digit, mask)
      local result, bit = 0, 1
      for _ = 1, 4 do
        if digit % 2 ~= mask % 2 then result = result + bit end
        digit, mask, bit = math.floor(digit / 2), math.floor(mask / 2), bit * 2
      end
      return result
    end
    return string.char(flip(high, 10) * 16 + flip(low, 5))
  end))
end

-- As bytes, as a BIGNUM's words, and as the words of a SHA-256 state have them.
local function add(numbers, name, bytes)
  local piece = bytes:sub(-16)
  numbers[name] = coded(piece)
  numbers[name .. ", a BIGNUM"] = coded(piece:reverse())
  numbers[name .. ", words"] = coded((piece:gsub("....", string.reverse)))
end

local function numbers_of_srp()
  local numbers, secret_a = {}, ("."):rep(100) .. secret(3)
  local steps = srp_steps(secret_a, "pool", "ada", secret(1), "8f6a", "a2be")
  for _, name in ipairs { "x", "S", "key" } do add(numbers, name, steps[name]) end
  add(numbers, "a", secret_a)
  add(numbers, "the user's hash", core.sha256("poolada:" .. secret(1)))
  return numbers
end

-- x of the salt 8f6a, whose zeros in front do not count.
local function numbers_of_verifier()
  local numbers = {}
  add(numbers, "x", srp_steps(("."):rep(100), "pool", "ada", secret(1), "8f6a", "a2be").x)
  add(numbers, "the user's hash", core.sha256("poolada:" .. secret(1)))
  return numbers
end

-- AWS4 and the secret first, the day's signing key last.
local function numbers_of_signing()
  local numbers, key = {}, "AWS4" .. secret(3)
  for _, part in ipairs { os.date("!%Y%m%d", 1793779745), "eu-west-1", "cognito-idp", "aws4_request" } do
    key = core.hmac_sha256(key, part)
    add(numbers, "the key by " .. part, key)
  end
  numbers.states = { ["the signing key"] = coded(key) }
  return numbers
end

local function write_numbers()
  local text = {}
  local function write(value)
    if type(value) == "string" then
      text[#text + 1] = '"' .. value:gsub(".", function(c) return ("\\%03d"):format(c:byte()) end) .. '",'
      return
    end
    text[#text + 1] = "{"
    for name, inner in pairs(value) do
      text[#text + 1] = ("[%q]="):format(name)
      write(inner)
    end
    text[#text + 1] = "},"
  end
  write { ["a sign-in by SRP"] = numbers_of_srp(), ["a sign-in by SRP under way"] = numbers_of_srp(),
    ["a device's verifier"] = numbers_of_verifier(),
    ["a signing key"] = numbers_of_signing(),
    ["a signing key that others have replaced"] = numbers_of_signing(),
    ["a secret hash"] = { states = { ["the client secret"] = coded(secret(5)) } } }
  return process.write("return " .. table.concat(text):gsub(",$", ""))
end

-- ---- replies ----

-- Every line of the head comes in two pieces, a secret's in the second.
local function reply_in_pieces()
  return { "HTTP/1.1 200 OK\r\nSet-Co", ("okie: %s\r\nX-Amzn-Req"):format(secret(6)),
    ("uest-Id: %s\r\nTransfer-Encoding: chunked\r\n\r\n1"):format(secret(7)),
    ("8;%s\r\n%s\r\n0"):format(secret(6), secret(8)), (";%s\r\n\r\n"):format(secret(7)) }
end

local LYING = { ("HTTP/1.1 200 OK\r\nSet-Cookie: %s\r\n"):format(secret(6)),
  ("Content-Length: %s\r\n\r\n"):format(secret(7)) }
local CUT = { ("HTTP/1.1 200 OK\r\nSet-Cookie: %s\r\nX: "):format(secret(6)), secret(7), ending = "close" }
local KEPT = { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ending = "close" } -- so it says

-- Sanitizers and valgrind keep what is freed, and much besides.
local maps = io.open "/proc/self/maps"
if maps then maps:close() end
if not maps or os.getenv "ASAN_OPTIONS" or os.getenv "VALGRIND_LUA" then return end

describe("a host that wipes what Lua frees", function()
  local lines, kept = {}, {} -- kept: by case, where secrets were found, in alphabetic order

  setup(function()
    local host = child.library("spec.c.forker"):gsub("forker%.so$", "wiping_lua")
    local server = start_server "http"
    local good = certificates.good
    local secure = start_server("https", good[1], good[2])
    local tunnel = start_server("proxy", good[1], good[2])
    local words = { "LD_BIND_NOW=1", host, "spec/residue/calls.lua", server:url(),
      server:url(scripted.path("residue", { reply() })), server:url "/hang",
      ("https://127.0.0.1:%d/"):format(secure.port), certificates.ca, "@127.0.0.1:" .. tunnel.port,
      "@127.0.0.1:" .. server.port }
    for i, replies in ipairs { { reply_in_pieces() }, { LYING }, { CUT }, { KEPT, KEPT } } do
      words[#words + 1] = server:url(scripted.path("residue" .. i, replies))
    end
    local numbers = write_numbers()
    words[#words + 1] = numbers
    words[#words + 1] = "2>&1"
    local pipe = assert(io.popen(table.concat(words, " ")))
    for line in pipe:lines() do
      local case, number, place = line:match "^([^\t]+)\t([^\t]+)\t(.+)$"
      lines[#lines + 1] = line
      kept[case or line] = kept[case or line] or {}
      table.insert(kept[case or line], case and number .. " " .. place)
    end
    pipe:close()
    os.remove(numbers)
    tunnel:stop()
    secure:stop()
    server:stop()
  end)

  local function take(case)
    local found = kept[case]
    kept[case] = nil
    return found
  end

  local function ordered(places)
    table.sort(places)
    return places
  end

  -- libcurl 8 copies as much of a body as it can send soon; every one has a tunnel's password.
  local function without_libcurl(places)
    if places[2] == "1 libcurl" then table.remove(places, 2) end
    return places
  end

  it("finds none in its memory once nothing refers to them, stack and errors included", function()
    assert.equal("done", lines[#lines], table.concat(lines, "\n"))
    take "done"
    assert.same({ "1 [heap]", "2 [heap]", "3 [heap]", "4 [heap]", "5 [heap]" }, take "held") -- it can find them
    assert.same({ "1 [heap]", "2 [heap]", "4 [heap]" }, without_libcurl(take "an exchange under way")) -- until it ends
    for _, case in ipairs { "tunnel", "nothing answers", "no host" } do -- the setting, until the object is closed
      assert.same({ "1 [heap]" }, without_libcurl(take("a proxy's password, " .. case)), case)
    end
    assert.same({ "5 [heap]" }, take "a proxy's password, written out") -- the header, as long as the connection
    -- Number 3 reads backwards as it does forwards.
    assert.same({ "3 OpenSSL", "a, a BIGNUM OpenSSL" }, ordered(take "a sign-in by SRP under way"))
    assert.same({ "the signing key, inner OpenSSL", "the signing key, outer OpenSSL" }, ordered(take "a signing key"))
    assert.same({}, kept)
  end)
end)
