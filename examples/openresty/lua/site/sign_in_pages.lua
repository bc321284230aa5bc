--- The pages of signing in: name and password, one for each kind of challenge,
-- and the end of the way.

local challenges = require "site.challenges"
local device = require "site.device"
local factor_setup = require "site.factor_setup"
local fields = require "site.fields"
local html = require "site.html"
local layout = require "site.layout"
local pages = require "site.pages"
local qr = require "site.qr"
local settings = require "site.settings"
local texts = require "site.texts"

local sign_in_pages = {}

local NEXT = "/sign-in/next"

local function aside(ways)
  ways.class = "aside"
  return html.div(ways)
end

--- Asks for name and password.
function sign_in_pages.start(visitor, values, complaints)
  return layout.page {
    title = texts.sign_in_title, failed = complaints[1],
    fields.summary(complaints),
    html.h1 { texts.sign_in_title },
    fields.form("/sign-in", visitor, {
      fields.input("username", values, complaints),
      fields.input("current_password", values, complaints),
      fields.button(texts.sign_in_button),
    }),
    aside(pages.ways "sign_in"),
  }
end

local function lost_factor()
  local help = settings.help_url
  return html.section {
    class = "aside", ["aria-labelledby"] = "factor-lost",
    html.h2 { id = "factor-lost", texts.factor_lost },
    html.p { texts.factor_lost_help },
    html.p { html.a { href = "/sign-in", texts.to_sign_in } },
    help and html.p { html.a { href = help, texts.help } },
  }
end

local function lead(text, challenge)
  local parts = texts.parts(text, { destination = challenge.destination })
  parts.class = "lead"
  return html.p(parts)
end

-- Never ticked beforehand: the browser may be one of a library.
local function remember(values)
  return device.offered
    and fields.box("remember", texts.fill(texts.remember, { days = settings.remember_days }), values)
end

local by_page = {}

function by_page.code(challenge, visitor, values, complaints)
  local kind = challenges.find(challenge)
  return texts.factor_title, {
    lead(texts["factor_" .. kind.text], challenge),
    fields.form(NEXT, visitor, {
      fields.input("code", values, complaints, "factor_code_hint"),
      remember(values),
      fields.button(texts.factor_button),
    }),
    lost_factor(),
  }
end

-- Each choice is a button: no script is needed, and no second press.
function by_page.choice(challenge, visitor)
  local buttons = { class = "choices" }
  for i, choice in ipairs(challenges.choices(challenge)) do
    buttons[i] = fields.button(texts["choose_" .. choice.text], { name = "choice", value = choice.name, id =
      i == 1 and "choice" })
  end
  return texts.choose_title, {
    challenges.offers(challenge, "WEB_AUTHN") and html.p { class = "lead", texts.choose_no_passkey },
    fields.form(NEXT, visitor, buttons), lost_factor(),
  }
end

function by_page.password(challenge, visitor, values, complaints)
  local contents = { fields.input("password", values, complaints) }
  for _, name in ipairs(challenges.attributes(challenge)) do
    contents[#contents + 1] = fields.attribute(name, values, complaints)
  end
  contents[#contents + 1] = fields.button(texts.first_password_button)
  return texts.first_password_title, {
    html.p { class = "lead", texts.first_password_lead },
    fields.form(NEXT, visitor, contents),
    aside { html.p { html.a { href = "/sign-in", texts.to_sign_in } } },
  }
end

-- The key of an app: as a picture, as text, and as a link for an app on this device.
local function key_of(challenge)
  local link = factor_setup.link(challenge)
  local picture = qr.draw(link, texts.setup_picture)
  return html.div {
    class = "key",
    html.p { picture and texts.setup_scan or texts.setup_type },
    picture or false,
    html.p { html.code { factor_setup.groups(challenge) } },
    html.p { html.a { href = link, texts.setup_link } },
  }
end

function by_page.setup(challenge, visitor, values, complaints)
  local help = settings.help_url
  return texts.setup_title, {
    html.p { class = "lead", texts.setup_lead },
    key_of(challenge),
    fields.form(NEXT, visitor, {
      fields.input("code", values, complaints, "setup_code_hint"),
      remember(values),
      fields.button(texts.factor_button),
    }),
    aside {
      html.p { html.a { href = "/sign-in", texts.to_sign_in } },
      help and html.p { texts.help_why, " ", html.a { href = help, texts.help } },
    },
  }
end

--- Asks what a challenge asks.
function sign_in_pages.challenge(challenge, visitor, values, complaints)
  local title, body = by_page[challenges.find(challenge).page](challenge, visitor, values, complaints)
  local page = { title = title, failed = complaints[1], fields.summary(complaints), html.h1 { title } }
  for i = 1, table.maxn(body) do page[i + 2] = body[i] or false end
  return layout.page(page)
end

local function out(visitor, text, everywhere)
  return fields.form("/sign-out", visitor, {
    everywhere and html.input { type = "hidden", name = "everywhere", value = "yes" },
    fields.button(text, { class = "quiet" }),
  })
end

--- The end of the way.
function sign_in_pages.done(visitor, complaints)
  local home = settings.home_url
  return layout.page {
    title = texts.signed_in_title, failed = complaints[1],
    fields.summary(complaints),
    html.div { class = "tick", ["aria-hidden"] = "true" },
    html.h1 { tabindex = "-1", autofocus = not complaints[1], texts.signed_in_title },
    html.p { class = "lead", role = "status", texts.signed_in_lead },
    home and html.p { html.a { class = "button", href = home, texts.go_on } },
    html.div { class = "outs", out(visitor, texts.sign_out), out(visitor, texts.sign_out_everywhere, true) },
  }
end

return sign_in_pages
