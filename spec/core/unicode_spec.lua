-- Names in one spelling: the canonical forms and lower case, compared with
-- Python's over every character that has any of them, and over random texts.
local core = require "cognito.core"
local unicode = require "cognito.unicode"

-- Only characters of Unicode 3.2: what normalisation makes of those never
-- changes again, whichever version this Python knows.
local REFERENCE = [[
import random, unicodedata as now
old = now.ucd_3_2_0
known = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and old.category(chr(c)) != "Cn"]
odd = [c for c in known if now.combining(c) or now.normalize("NFD", c) != c or c.lower() != c]
marks = [c for c in known if now.combining(c)]
chance = random.Random(10)
texts = list(odd)
for _ in range(3000):
    pool = chance.choice((odd, marks, known, "aeiou\u1100\u1161\u11a8\u0301\u0323\u0327"))
    texts.append("".join(chance.choice(pool) for _ in range(chance.randint(2, 9))) + chance.choice(marks))
def lower(text):
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
def shown(text):
    return text.encode().hex()
for text in texts:
    print(*map(shown, (text, now.normalize("NFC", text), now.normalize("NFD", text), lower(text))))
]]

local function bytes_of(hex)
  return (hex:gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

describe("a text", function()
  it("has the canonical forms and the lower case that Python finds", function()
    local path, n = os.tmpname(), 0
    local done = assert(core.run({ "sh", "-c", 'python3 -c "$1" >"$2"', "sh", REFERENCE, path }, 60))
    local file = assert(io.open(path))
    local table_of_texts = file:read "*a"
    file:close()
    os.remove(path)
    assert.equal(0, done.status, done.stderr)
    for text, nfc, nfd, lower in table_of_texts:gmatch "(%x+) (%x+) (%x+) (%x+)\n" do
      local given = bytes_of(text)
      n = n + 1
      if unicode.nfc(given) ~= bytes_of(nfc) or unicode.nfd(given) ~= bytes_of(nfd)
          or unicode.lower(given) ~= bytes_of(lower) then
        assert.same({ text, bytes_of(nfc), bytes_of(nfd), bytes_of(lower) },
          { text, unicode.nfc(given), unicode.nfd(given), unicode.lower(given) })
      end
    end
    assert.is_true(n > 5000, n)
  end)

  it("is the same, decomposed or not", function()
    assert.equal("\195\169mile", unicode.nfc "e\204\129mile")
    assert.equal("\195\169mile", unicode.lower "\195\137MILE")
    assert.equal("e\204\129", unicode.nfd "\195\169")
    assert.equal("ada lovelace", unicode.lower "Ada LOVELACE")
  end)

  it("has a length in characters", function()
    assert.same({ 0, 3, 2, 1 },
      { unicode.length "", unicode.length "abc", unicode.length "\195\169x", unicode.length "\240\159\152\128" })
  end)
end)
