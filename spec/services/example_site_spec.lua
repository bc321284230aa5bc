--- The account-recovery site of examples/openresty in a browser, from page load
-- to sign-in, by the keyboard. PICTURES=folder makes the pictures of the docs.

local browsers = require "spec.support.browser"
local sites = require "spec.support.site"

describe("the account-recovery site", function()
  local site

  setup(function()
    site = sites.start()
  end)

  teardown(function()
    if site then site:stop() end
  end)

  -- ---- in a browser, by the keyboard ----

  describe("in a browser", function()
    local browser

    setup(function()
      browser = browsers.start()
    end)

    teardown(function()
      if browser then browser:stop() end
    end)

    before_each(function()
      browser:screen(1100, 900)
    end)

    local function text_of(selector)
      return browser:run("const e = document.querySelector(arguments[0]); return e ? e.textContent : ''", selector)
    end

    local function value_of(id)
      return browser:run("return document.getElementById(arguments[0]).value", id)
    end

    local function rules(class)
      return browser:run([[return Array.from(document.querySelectorAll(".rules li:" + arguments[0]),
        (e) => e.textContent)]], class:find "^not" and class or "is(." .. class .. ")")
    end

    -- What is said on top has the focus, and it can be seen.
    local function assert_complaint(text)
      assert.equal(text, text_of ".summary li")
      assert.truthy(browser:run "return document.activeElement === document.querySelector('.summary')")
      assert.is_true(browser:focus_is_visible())
      assert.matches("^Error: ", browser:run "return document.title")
    end

    local function clear()
      browser:run "document.activeElement.select()"
    end

    local function fill(name, text)
      browser:tab_to(name)
      clear()
      browser:type(text)
    end

    it("lets a visitor set a new password, by the keyboard alone", function()
      browser:open(site.url .. "/")
      assert.equal("Forgot your password? – Example", browser:run "return document.title")
      local stops, hidden = browser:tab_stops()
      assert.same({
        "a: Example", "username", "button: Send me a code", "a: I have a code already",
        "a: Get the sign-up code again", "a: Back to sign-in",
      }, stops)
      assert.same({}, hidden)

      browser:open(site.url .. "/")
      fill("username", " ada ")
      browser:submit()
      assert.equal("/code", browser:path())
      assert.matches("If there is an account for ada, a code is on its way", text_of ".note")
      assert.equal("ada", value_of "username")
      stops, hidden = browser:tab_stops()
      assert.same({
        "a: Example", "username", "code", "password", "button: Show the password", "button: Set new password",
        "button: Send another code", "a: Get the sign-up code again", "a: Back to sign-in",
      }, stops)
      assert.same({}, hidden)
      local code = site:code "ada"

      -- A wrong code. The password does not come back.
      fill("code", code == "000000" and "000001" or "000000")
      fill("password", sites.NEW)
      browser:submit()
      assert_complaint("That did not work. Check the name, and use the code from our latest message. "
        .. "A code works once and for a limited time; ask for a new one if in doubt.")
      assert.equal("", value_of "password")
      assert.equal("true", browser:run "return document.getElementById('code').getAttribute('aria-invalid')")

      -- A weak password, from the link in the summary.
      browser:press "tab"
      browser:press "enter"
      assert.equal("code", browser:focused())
      clear()
      browser:type(code:sub(1, 3) .. " " .. code:sub(4))
      fill("password", "difference")
      browser:submit()
      assert_complaint("Your new password still needs: an upper-case letter (A–Z), a digit (0–9), "
        .. "a symbol, such as ! ? # or %.")
      assert.same({ "an upper-case letter (A–Z) (missing)", "a digit (0–9) (missing)",
        "a symbol, such as ! ? # or % (missing)" }, rules "missing")

      -- The rules follow what is typed.
      fill("password", "difference-18")
      assert.same({ "an upper-case letter (A–Z) (missing)" }, rules "not(.met)")

      -- All is well, with a look at what was typed.
      fill("password", sites.NEW)
      assert.equal("password", browser:run "return document.getElementById('password').type")
      browser:tab_to "button: Show the password"
      browser:press "enter"
      assert.equal("text", browser:run "return document.getElementById('password').type")
      assert.equal("button: Hide the password", browser:focused())
      assert.same({}, (browser:complaints()))
      browser:tab_to "button: Set new password"
      browser:submit()
      assert.equal("/done", browser:path())
      assert.equal("h1: Your new password is set", browser:focused())
      assert.equal("Sign in", text_of "main .button")
      assert.equal("signed in", site:sign_in("ada", sites.NEW))
      browser:tab_to "a: Sign in"
      browser:submit()
      assert.equal("/sign-in", browser:path())
      fill("username", "ada")
      fill("current_password", sites.NEW)
      browser:submit()
      assert.equal("/signed-in", browser:path())
      assert.equal("h1: You are signed in", browser:focused())
      browser:tab_to "button: Sign out"
      browser:submit()
      assert.equal("/sign-in", browser:path())
      assert.equal("NotAuthorizedException", site:sign_in("ada", sites.OLD))

      -- Nothing of it is left behind.
      browser:open(site.url .. "/code")
      assert.equal("", value_of "username")
    end)

    it("lets a visitor confirm a sign-up", function()
      browser:open(site.url .. "/")
      browser:tab_to "a: Get the sign-up code again"
      browser:submit()
      assert.equal("/sign-up", browser:path())
      fill("username", "grace")
      browser:submit()
      assert.equal("/sign-up/code", browser:path())
      fill("code", site:code "grace")
      browser:submit()
      assert.equal("/sign-up/done", browser:path())
      assert.equal("h1: Welcome, your account is confirmed", browser:focused())
      assert.equal("signed in", site:sign_in("grace", "Nanoseconds-1952"))
    end)

    it("sends another code, and says so", function()
      site:add_user "barbara"
      browser:open(site.url .. "/")
      fill("username", "barbara")
      browser:submit()
      browser:tab_to "button: Send another code"
      browser:submit()
      assert.equal("/code?again", browser:path())
      assert.matches("If there is an account for barbara, another code is on its way", text_of ".note")
    end)

    it("shows the typed text, and runs none of it", function()
      local name = [[<script>document.title = "mine"</script><b>"'&amp;]]
      browser:open(site.url .. "/")
      fill("username", name)
      browser:submit()
      assert.equal(name, text_of ".note strong")
      assert.equal(name, value_of "username")
      assert.equal("Set a new password – Example", browser:run "return document.title")
    end)

    it("says that it was too quick, in good looks", function()
      for _ = 1, 4 do
        browser:open(site.url .. "/")
        fill("username", "hasty")
        browser:submit()
        assert.equal("/code", browser:path())
      end
      browser:open(site.url .. "/")
      fill("username", "Hasty") -- the same name to the limit
      browser:submit()
      assert.equal("That was a bit quick", text_of "h1")
      assert.same({}, (browser:complaints()))
    end)

    it("refuses a form from another site", function()
      site:add_user "victim"
      browser:open(("data:text/html,<form method=post action='%s/'><input name=username value=victim>"
        .. "<button>win a prize</button></form>"):format(site.url))
      browser:press "tab"
      browser:press "tab"
      browser:submit()
      assert.equal("This form is no longer valid", text_of "h1")
      assert.same({}, site:messages "victim")
    end)

    -- Every page, some of them with something wrong; forms are limited by
    -- address, so each round has one of its own.
    local rounds = 0
    local function each_page(f)
      rounds = rounds + 1
      browser:headers { ["X-Forwarded-For"] = "203.0.113." .. rounds }
      for _, path in ipairs { "/", "/code", "/done", "/sign-up", "/sign-up/code", "/sign-up/done", "/sign-in",
        "/nowhere" } do
        browser:open(site.url .. path)
        f(path)
      end
      for _, path in ipairs { "/", "/code", "/sign-up/code", "/sign-in" } do
        browser:open(site.url .. path)
        browser:run "for (const e of document.querySelectorAll('input:not([type=hidden])')) e.value = ''"
        browser:tab_to "username"
        browser:submit()
        assert.equal(path, browser:path())
        assert.truthy(#text_of ".summary" > 0)
        f(path .. " with complaints")
      end
    end

    it("fits phones, down to 320 pixels", function()
      for _, width in ipairs { 360, 320 } do
        browser:screen(width, 740, 2, true)
        each_page(function(path)
          assert.equal(0, browser:overflow(), path)
          assert.same({}, browser:run [[
            return Array.from(document.querySelectorAll("button:not(.show), input:not([type=hidden])"))
              .filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)]], path)
        end)
      end
    end)

    for _, scheme in ipairs { "light", "dark" } do
      it("leaves nothing for axe-core to complain about, in " .. scheme, function()
        browser:prefer("prefers-color-scheme", scheme)
        local ground = {}
        each_page(function(path)
          local complaints, passes = browser:complaints()
          assert.same({}, complaints, path)
          assert.is_true(passes > 15)
          ground[browser:run "return getComputedStyle(document.querySelector('main')).backgroundColor"] = true
        end)
        assert.same({ [scheme == "light" and "rgb(255, 255, 255)" or "rgb(23, 27, 41)"] = true }, ground)
        browser:prefer("prefers-color-scheme", "")
      end)
    end

    it("moves nothing for visitors who prefer reduced motion", function()
      local function moving()
        browser:open(site.url .. "/")
        return browser:run "return getComputedStyle(document.querySelector('button')).transitionDuration !== '0s'"
      end
      assert.is_true(moving())
      browser:prefer("prefers-reduced-motion", "reduce")
      assert.is_false(moving())
      browser:prefer("prefers-reduced-motion", "")
    end)
  end)

  -- ---- for the docs ----

  describe("pictures", function()
    local folder = os.getenv "PICTURES"
    if not folder then return end

    local browser

    before_each(function()
      browser = browsers.start()
    end)

    after_each(function()
      browser:stop()
    end)

    local function picture(name, path)
      if path then browser:open(site.url .. path) end
      browser:picture(("%s/example-site-%s.png"):format(folder, name))
    end

    it("are taken", function()
      browser:screen(560, 400, 1, true)
      picture("start", "/")
      browser:tab_to "username"
      browser:type "ada@example.com"
      browser:submit()
      picture "code"
      browser:screen(360, 740, 1, true)
      picture("phone", "/code")
      browser:screen(560, 400, 1, true)
      browser:tab_to "password"
      browser:type "difference"
      browser:submit()
      picture "complaint"
      picture("done", "/done")
      picture("sign-in", "/sign-in")
      browser:prefer("prefers-color-scheme", "dark")
      picture("dark", "/code")
    end)

    it("are taken of second factors", function()
      local strict = sites.start({ SITE_REMEMBER_DEVICES = "30" }, "--mfa ON --devices user_opt_in")
      finally(function() strict:stop() end)
      strict:add_user "grace@example.com"
      strict:add_user("ada@example.com", { phone_number = "+441234567890", sms_mfa = true })
      browser:screen(560, 400, 1, true)
      for name, user in pairs { authenticator = "grace@example.com", ["second-factor"] = "ada@example.com" } do
        browser:open(strict.url .. "/sign-in")
        browser:tab_to "username"
        browser:type(user)
        browser:tab_to "current_password"
        browser:type(sites.OLD)
        browser:submit()
        assert.equal("/sign-in/next", browser:path())
        picture(name)
      end
    end)
  end)

  it("has left nothing personal in the logs", function()
    assert.truthy(#site:log "access" > 1000 and #site:log "error" > 100)
    assert.same({}, site:traces { "ada", "grace", "barbara", "hasty", "victim" })
  end)
end)
