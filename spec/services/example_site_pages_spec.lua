--- Every page of the site of examples/openresty in every language, in a browser:
-- what axe-core finds, where Tab leads, and whether it fits a small phone.

local browsers = require "spec.support.browser"
local sites = require "spec.support.site"

local LANGUAGES = { "en", "de", "es", "fr", "ja" }
local SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

-- Enter on an empty form.
local WITH_COMPLAINTS = { "/", "/code", "/sign-in" }

describe("every page of the account-recovery site", function()
  local site, browser

  setup(function()
    site = sites.start { SITE_HELP_URL = "/help", SITE_HOME_URL = "/home", SITE_NAME = "Größe & Söhne",
      SITE_REMEMBER_DEVICES = "30" }
    browser = browsers.start()
    site:add_user "done"
    site:add_user("texted", { phone_number = "+441234567890", sms_mfa = true })
    site:add_user("choosing", { phone_number = "+441234567890", sms_mfa = true, totp_secret = SECRET })
    site:add_user("invited", { status = "FORCE_CHANGE_PASSWORD" })
  end)

  teardown(function()
    if browser then browser:stop() end
    if site then site:stop() end
  end)

  -- Each group of pages comes from an address of its own.
  local address = 0
  local function speak(language)
    address = address + 1
    browser:headers { ["Accept-Language"] = language, ["X-Forwarded-For"] = "203.0.113." .. address }
  end

  local function open(path)
    browser:open(site.url .. path)
    assert.equal(path, browser:path())
  end

  local function fill(name, text)
    browser:tab_to(name)
    browser:run "document.activeElement.select()"
    browser:type(text)
  end

  local function sign_in(name, expected)
    speak "en"
    open "/sign-in"
    fill("username", name)
    fill("current_password", sites.OLD)
    browser:submit()
    assert.equal(expected, browser:path(), site:log "error")
  end

  -- The marks of a page that are the same in every language.
  local SHAPE = [[
    return {
      lang: document.documentElement.lang, dir: document.documentElement.dir,
      heading: document.querySelector("h1").textContent,
      steps: Array.from(document.querySelectorAll(".steps span"), (e) => e.getClientRects().length),
    }]]

  local function check(language, what)
    what = language .. ": " .. what
    local shape = browser:run(SHAPE)
    assert.same({ language, "ltr" }, { shape.lang, shape.dir }, what)
    for _, lines in pairs(shape.steps) do assert.equal(1, lines, what .. ": a step's label has two lines") end
    assert.equal(0, browser:overflow(), what)
    local complaints, passes = browser:complaints()
    assert.same({}, complaints, what)
    assert.is_true(passes > 15, what)
    return shape.heading
  end

  -- Some pages open with the focus on their heading: Tab begins before that.
  local function check_stops(what)
    browser:run "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
    local stops, hidden = browser:tab_stops()
    assert.same({}, hidden, what)
    assert.equal("a: Größe & Söhne", stops[1])
    for _, stop in ipairs(stops) do assert.is_nil(stop:find ": $", what .. " has a stop without a name") end
    return #stops
  end

  -- A page is read in all languages, in each the small phone's size; Tab has as
  -- many stops in each, and the headings differ.
  local function in_every_language(path)
    local seen, count = {}, nil
    for _, language in ipairs(LANGUAGES) do
      speak(language)
      browser:screen(320, 640, 2, true)
      open(path)
      local heading = check(language, path)
      assert.is_nil(seen[heading], heading)
      seen[heading] = true
      open(path)
      local stops = check_stops(language .. ": " .. path)
      count = count or stops
      assert.equal(count, stops, path)
    end
  end

  for _, path in ipairs {
    "/", "/code", "/done", "/sign-up", "/sign-up/code", "/sign-up/done", "/sign-in", "/nowhere",
  } do
    it("holds for " .. path, function() in_every_language(path) end)
  end

  it("holds for the code of a second factor", function()
    sign_in("texted", "/sign-in/next")
    in_every_language "/sign-in/next"
  end)

  it("holds for the choice of a second factor", function()
    sign_in("choosing", "/sign-in/next")
    in_every_language "/sign-in/next"
  end)

  it("holds for a temporary password", function()
    sign_in("invited", "/sign-in/next")
    in_every_language "/sign-in/next"
  end)

  it("holds for the end of the way", function()
    sign_in("done", "/signed-in")
    in_every_language "/signed-in"
  end)

  it("holds for the set-up of an authenticator app", function()
    local usual = site
    site = sites.start({ SITE_HELP_URL = "/help", SITE_NAME = "Größe & Söhne" }, "--mfa ON")
    finally(function()
      site:stop()
      site = usual
    end)
    site:add_user "bare"
    sign_in("bare", "/sign-in/next")
    in_every_language "/sign-in/next"
    fill("code", "123")
    browser:submit()
    check("ja", "the set-up with a wrong code")
    assert.is_true(browser:run "return document.activeElement.className === 'summary'")
    assert.matches("^[A-Z2-7 ]+$", browser:run "return document.querySelector('code').textContent")
  end)

  it("holds with complaints", function()
    for _, language in ipairs(LANGUAGES) do
      speak(language)
      for _, path in ipairs(WITH_COMPLAINTS) do
        open(path)
        browser:run "for (const e of document.querySelectorAll('input:not([type=hidden])')) e.value = ''"
        browser:tab_to "username"
        browser:submit()
        assert.equal(path, browser:path())
        check(language, path .. " with complaints")
        assert.is_true(browser:run "return document.activeElement.className === 'summary'")
        -- Each is said once, and its field points to it.
        assert.same({}, browser:run [[
          return Array.from(document.querySelectorAll(".summary li"), (item) => item.textContent)
            .filter((text) => document.body.textContent.split(text).length !== 2)]])
        assert.same({}, browser:run [[
          return Array.from(document.querySelectorAll("[aria-invalid]"))
            .filter((e) => !e.getAttribute("aria-describedby").split(" ").every((id) => document.getElementById(id)))
            .map((e) => e.id)]])
      end
    end
  end)

  it("has its bar from edge to edge, also beside a scrollbar", function()
    speak "en"
    browser:screen(320, 320, 1)
    open "/code"
    assert.same({ "repeat-x", true }, browser:run [[
      const style = getComputedStyle(document.documentElement)
      return [style.backgroundRepeat.split(",")[0],
        style.backgroundImage.startsWith("linear-gradient(rgb(51, 70, 200)")]
    ]])
    assert.equal("none", browser:run "return getComputedStyle(document.body).backgroundImage")
  end)
end)
