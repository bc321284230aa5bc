-- A program may change its locale at any time: the words, the order and the
-- numbers of protocols stay those of the C locale.

local c_locale = require "cognito.c_locale"
local clock = require "cognito.clock"
local cognito = require "cognito"
local core = require "cognito.core"
local fetch = require "cognito.credentials.fetch"
local headers = require "cognito.headers"
local json = require "cognito.json"
local sandbox = require "cognito.sandbox"
local sandbox_http = require "cognito.sandbox.http"
local sdk_headers = require "cognito.sdk_headers"
local settings = require "cognito.settings"
local sources = require "cognito.bulk.sources"

local LOCALES = { "C", "tr_TR.UTF-8", "de_DE.UTF-8", "de_DE.ISO-8859-1" }

for _, name in ipairs(LOCALES) do
  describe("in the locale " .. name, function()
    local before

    before_each(function()
      before = os.setlocale(nil)
      assert.equal(name, os.setlocale(name))
    end)

    after_each(function()
      os.setlocale(before)
    end)

    it("letters are those of ASCII", function()
      assert.equal("ipv4 info \195\132", c_locale.lower "IPV4 INFO \195\132")
      assert.equal("IPV4 INFO \195\164", c_locale.upper "ipv4 info \195\164")
    end)

    it("order is that of bytes", function()
      local list = { "b", "a", "B", "_", "ab", "A", "", "\195\164" }
      table.sort(list, c_locale.before)
      assert.same({ "", "A", "B", "_", "a", "ab", "b", "\195\164" }, list)
    end)

    it("numbers have a point", function()
      assert.equal("1.50", c_locale.format("%.2f", 1.5))
      assert.equal("2", c_locale.format("%.0f", 2))
      assert.equal(1.5, c_locale.tonumber "1.5")
      assert.equal(15, c_locale.tonumber "15")
      assert.is_nil(c_locale.tonumber "1.5.")
      assert.equal(15, c_locale.tonumber "1.5e00000000001")
      assert.equal(0, c_locale.tonumber "1.5E-439223372036854775808")
      assert.equal(-math.huge, c_locale.tonumber "-1.5e00439223372036854775808")
      assert.is_nil(c_locale.tonumber "x")
      assert.is_nil(c_locale.tonumber(nil))
      assert.equal(1762940401.25, clock.parse_rfc3339 "2025-11-12T09:40:01.25Z")
    end)

    it("JSON has a point", function()
      assert.equal(1.5, json.decode "[1.5]"[1])
      assert.equal("[1.5]", json.encode { 1.5 })
      assert.equal(1.5, core.read_json "1.5")
      assert.equal("[1.5]", core.write_json { 1.5 })
      local result = core.parse("admin_get_user", { status = 200, body = '{"UserCreateDate":1762940401.123}' })
      assert.equal(1762940401.123, result.user_create_date)
    end)

    it("headers and URLs are known in capital letters", function()
      local request = { method = "GET", url = "HTTP://127.0.0.1:1/", headers = { { "CONTENT-LENGTH", "5" } } }
      local response, err = core.http():send(request)
      assert.is_nil(response)
      assert.equal("invalid_parameter", err.code)
      assert.equal("client_metadata", core.nearest("CLIENTMETADATIA", { "client_metadata" }))
    end)

    -- In ISO-8859-1 byte 228 is a letter, 133 a control character, 160 a blank.
    it("letters of other alphabets are none in headers, URLs and ids", function()
      local list = {}
      assert.equal("invalid_parameter", select(2, headers.append(list, { ["x-\228"] = "1" })).code)
      assert.truthy(headers.append(list, { ["x-a"] = "\228\133\160" }))
      assert.equal("%E4%85%A0", fetch.encode "\228\133\160")
      assert.is_nil(settings.region_of "eu-west-1_\228")
      assert.matches(" app/a%-b$", sdk_headers.user_agent(function() end, { app_id = "a\228b" }))
      assert.is_nil(sandbox_http.take_head "GET / HTTP/1.1\r\nx-\228: 1\r\n\r\n")
      assert.equal("\133", sandbox_http.take_head("GET / HTTP/1.1\r\nx: \133\r\n\r\n").headers.x)
    end)

    it("controls of other alphabets are none in users' names", function()
      local path = os.tmpname()
      local file = assert(io.open(path, "w"))
      file:write("username\n\195\133sa\n")
      file:close()
      local entry = sources.open({ file = path, format = "csv" }, {})()
      os.remove(path)
      assert.equal("\195\133sa", entry.name)
    end)

    it("a user gets back in", function()
      local box = sandbox.new()
      box:add_user { username = "INFIX", email = "i@example.com" }
      local pool = cognito.new(box:settings())
      assert(pool:forgot_password { username = "INFIX" })
      assert(pool:admin_get_user { username = "INFIX" })
      assert(pool:confirm_forgot_password { username = "INFIX", confirmation_code = box:code "INFIX",
        password = "N3w-Passw0rd" })
    end)
  end)
end
