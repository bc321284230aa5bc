-- docs/platforms.md says what runs of scripts/compat said, and no more: a run
-- that failed must not look like one that passed, and one that broke off must
-- not replace one that ended.

local DOCUMENT = [[
# Platforms

<!-- versions -->

| system | release | libcurl | OpenSSL | nginx | ngx_lua | LuaSQL | gcc | Lua | LuaJIT |
|---|---|---|---|---|---|---|---|---|---|
| Debian 12 | 12.1 | 7.88.1 | 3.0.9 | | | | | | |
| Debian unstable | sid | 8 | 3.6 | | | | | | |

Text.

<!-- results -->

| system | what ran | result | date |
|---|---|---|---|
| Debian 12 | specs on Lua 5.4 | 1 passed | 2020-01-01 |
| Debian 12 | no longer run | 1 passed | 2020-01-01 |
| Debian unstable | specs on Lua 5.4 | 2 passed | 2020-01-02 |

More text.
]]

local LOG = [[
bookworm: == demo
bookworm: demo 1 passed, 0 failed
bookworm: build-specs        1 passed, 0 failed (61 s)
bookworm: spec-lua5.4        8393 passed, 4 failed (61 s)
bookworm: not ok 17 - something: 3 passed, 0 failed
bookworm: spec-luajit        1234567 passed, 0 failed (7 s)
bookworm: frobnicate         2 passed, 0 failed (7 s)
bookworm:
bookworm: 8394 passed, 4 failed
bookworm:
]]

local ENDED = [[
bookworm: system Debian 12.12
bookworm: date 2026-11-27
bookworm: package gcc 4:12.2.0-3
bookworm: package libcurl4 7.88.1-10+deb12u14
bookworm: package libcurl4-openssl-dev 7.88.1-10+deb12u14
bookworm: package libssl3 3.0.17-1~deb12u2
bookworm: package lua5.4 5.4.4-3+deb12u1
bookworm: package luajit2 2.1-20220915-1
]]

describe("scripts/platforms.lua", function()
  local document, log, second

  local function write(path, text)
    local file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
  end

  local function read(path)
    local file = assert(io.open(path))
    local text = file:read "*a"
    file:close()
    return text
  end

  before_each(function() document, log, second = os.tmpname(), os.tmpname(), os.tmpname() end)

  after_each(function()
    os.remove(document)
    os.remove(log)
    os.remove(second)
  end)

  local function made_from(text, later)
    write(document, DOCUMENT)
    write(log, text)
    write(second, later or "")
    local pipe = io.popen(("lua5.4 scripts/platforms.lua '%s' '%s' '%s' 2>&1"):format(document, log, second))
    local said = pipe:read "*a"
    pipe:close()
    return read(document), said
  end

  it("replaces the rows of the systems that ran, and keeps the others'", function()
    local made = made_from(LOG .. ENDED)
    local versions = "\n| Debian 12 | 12.12 | 7.88.1 | 3.0.17 |  |  |  | 12.2.0 | 5.4.4 | 2.1 of 20220915 |\n"
    assert.truthy(made:find(versions, 1, true))
    assert.truthy(made:find("\n| Debian unstable | sid | 8 | 3.6 | | | | | | |\n\nText.\n", 1, true))
    assert.is_nil(made:find("2020-01-01", 1, true))
    assert.truthy(made:find("\n| Debian unstable | specs on Lua 5.4 | 2 passed | 2020%-01%-02 |\n\nMore text.\n$"))
    assert.equal(made, (made_from(LOG .. ENDED)))
  end)

  it("says what failed, and counts whole steps only", function()
    local made = made_from(LOG .. ENDED)
    local rows = {}
    for row in made:gmatch "| Debian 12 (|[^\n]*2026[^\n]*|)\n" do rows[#rows + 1] = row end
    assert.same({
      "| `make demo`, on the bare system | passes | 2026-11-27 |",
      "| specs on Lua 5.4 | 8,393 passed, **4 failed** | 2026-11-27 |",
      "| specs on LuaJIT | 1,234,567 passed | 2026-11-27 |",
      "| `make frobnicate` | 2 passed | 2026-11-27 |",
    }, rows)
  end)

  it("takes of two runs of a system the later one's results, and the rest of the earlier one", function()
    local later = "bookworm: spec-lua5.4 8397 passed, 0 failed (61 s)\nbookworm: spec-c 1 passed, 1 failed (1 s)\n"
    local made = made_from(LOG .. ENDED, later .. ENDED:gsub("2026%-11%-27", "2026-11-28"))
    assert.truthy(made:find(table.concat({
      "| Debian 12 | specs on Lua 5.4 | 8,397 passed | 2026-11-28 |",
      "| Debian 12 | specs on LuaJIT | 1,234,567 passed | 2026-11-27 |",
      "| Debian 12 | `make frobnicate` | 2 passed | 2026-11-27 |",
      "| Debian 12 | specs of the C core | 1 passed, **1 failed** | 2026-11-28 |",
    }, "\n"), 1, true))
  end)

  it("leaves out a run that did not end, and says so", function()
    local made, said = made_from(LOG)
    assert.equal(DOCUMENT, made)
    assert.truthy(said:find(": the run did not end, left out\n", 1, true))
  end)
end)
