--- The pages, as HTML.

local html = require "site.html"
local session = require "site.session"
local settings = require "site.settings"
local texts = require "site.texts"

local pages = {}

-- ---- around every page ----

local function steps(current)
  local items = { class = "steps", ["aria-label"] = texts.steps_label }
  for i, text in ipairs(texts.steps) do
    items[i] = html.li {
      class = i < current and "past" or i > current and "ahead",
      ["aria-current"] = i == current and "step",
      html.span { text },
    }
  end
  return html.ol(items)
end

local function head(title)
  return html.head {
    html.meta { charset = "utf-8" },
    html.title { title .. " – " .. settings.name },
    html.meta { name = "viewport", content = "width=device-width, initial-scale=1" },
    html.meta { name = "color-scheme", content = "light dark" },
    html.meta { name = "robots", content = "noindex" },
    html.link { rel = "icon", href = "/static/icon.svg", type = "image/svg+xml" },
    html.link { rel = "stylesheet", href = "/static/site.css" },
    html.script { src = "/static/site.js", defer = true },
  }
end

-- page = { title, step, failed, the elements of its body … }
local function layout(page)
  local main = { class = "card", id = "main", page.step and steps(page.step) or false }
  for _, element in ipairs(page) do
    main[#main + 1] = element
  end
  return "<!doctype html>\n" .. tostring(html.html {
    lang = "en",
    head((page.failed and "Error: " or "") .. page.title),
    html.body {
      html.header { html.a { href = "/", class = "brand", html.span { class = "mark", ["aria-hidden"] = "true" },
        settings.name } },
      html.main(main),
      html.footer { html.p { texts.footer } },
    },
  }) .. "\n"
end

-- ---- forms ----

local fields = {
  username = { label = texts.username, autocomplete = "username", type = "text" },
  code = { label = texts.code, hint = texts.code_hint, autocomplete = "one-time-code", type = "text",
    inputmode = "numeric" },
  password = { label = texts.password, hint = texts.password_hint, autocomplete = "new-password", type = "password" },
}

local function complaint_about(name, complaints)
  for _, complaint in ipairs(complaints) do
    if complaint.field == name then
      return complaint.text
    end
  end
  return nil
end

local function described_by(name, field, complaint)
  local ids = {}
  if field.hint then ids[#ids + 1] = name .. "-hint" end
  if complaint then ids[#ids + 1] = name .. "-error" end
  return ids[1] and table.concat(ids, " ")
end

-- What was typed comes back, passwords excepted.
local function input(name, value, complaints)
  local field, complaint = fields[name], complaint_about(name, complaints)
  return html.div {
    class = complaint and "field wrong" or "field",
    html.label { ["for"] = name, field.label },
    field.hint and html.p { class = "hint", id = name .. "-hint", field.hint },
    complaint and html.p { class = "complaint", id = name .. "-error", complaint },
    html.div {
      class = "control",
      html.input {
        id = name, name = name, type = field.type, class = name,
        value = name ~= "password" and value ~= "" and value, required = true,
        autocomplete = field.autocomplete, inputmode = field.inputmode, autocapitalize = "none", spellcheck = "false",
        ["aria-invalid"] = complaint and "true", ["aria-describedby"] = described_by(name, field, complaint),
        ["data-show"] = name == "password" and texts.show, ["data-hide"] = name == "password" and texts.hide,
      },
    },
  }
end

-- All that is wrong, first on the page and with the focus.
local function summary(complaints)
  if not complaints[1] then
    return false
  end
  local list = {}
  for i, complaint in ipairs(complaints) do
    list[i] = html.li { complaint.field and html.a { href = "#" .. complaint.field, complaint.text } or complaint.text }
  end
  return html.div {
    class = "summary", role = "alert", tabindex = "-1", autofocus = true, ["aria-labelledby"] = "summary-title",
    html.h2 { id = "summary-title", texts.errors }, html.ul(list),
  }
end

local function form(action, visitor, contents)
  contents.method, contents.action, contents.novalidate = "post", action, true
  contents[#contents + 1] = html.input { type = "hidden", name = "token", value = session.token(visitor) }
  return html.form(contents)
end

local function form_of(flow, step, visitor, values, complaints)
  local contents = {}
  for i, name in ipairs(step == "ask" and { "username" } or flow.fields) do
    contents[i] = input(name, values[name], complaints)
  end
  contents[#contents + 1] = html.button { type = "submit", texts.flows[flow.name][step].button }
  return form(flow.paths[step], visitor, contents)
end

-- ---- the pages ----

local function other_flow(flow)
  local words = flow.name == "password" and texts.to_sign_up or texts.to_password
  return html.p { words[1], html.a { href = flow.name == "password" and "/sign-up" or "/", words[2] } }
end

--- Asks who the visitor is.
function pages.ask(flow, visitor, values, complaints)
  local words = texts.flows[flow.name].ask
  return layout {
    title = words.title, step = 1, failed = complaints[1],
    summary(complaints),
    html.h1 { words.title },
    html.p { class = "lead", words.lead },
    form_of(flow, "ask", visitor, values, complaints),
    html.div {
      class = "aside",
      html.p { html.a { href = flow.paths.confirm, texts.have_code } },
      other_flow(flow),
    },
  }
end

local function sent_to(username, again)
  local words = again and texts.sent_again or texts.sent
  return username ~= "" and html.p { class = "note", role = "status", words[1], html.strong { username }, words[2] }
end

local function another_code(flow, visitor)
  if visitor.username == "" then
    return html.p { html.a { href = flow.paths.ask, texts.start_again } }
  end
  return form(flow.paths.ask, visitor, {
    html.input { type = "hidden", name = "username", value = visitor.username },
    html.input { type = "hidden", name = "again", value = "yes" },
    html.button { type = "submit", class = "quiet", texts.again },
  })
end

--- Asks for the code, and for a new password. `values.again` tells that another
-- code was asked for.
function pages.confirm(flow, visitor, values, complaints)
  local words = texts.flows[flow.name].confirm
  return layout {
    title = words.title, step = 2, failed = complaints[1],
    summary(complaints),
    html.h1 { words.title },
    not complaints[1] and sent_to(visitor.username, values.again),
    form_of(flow, "confirm", visitor, values, complaints),
    html.section {
      class = "aside", ["aria-labelledby"] = "no-message",
      html.h2 { id = "no-message", texts.no_message },
      html.p { texts.no_message_help },
      another_code(flow, visitor),
      other_flow(flow),
    },
  }
end

--- Says that all is well.
function pages.done(flow)
  local words = texts.flows[flow.name].done
  return layout {
    title = words.title, step = 3,
    html.div { class = "tick", ["aria-hidden"] = "true" },
    html.h1 { tabindex = "-1", autofocus = true, words.title },
    html.p { class = "lead", role = "status", words.lead },
    settings.sign_in_url and html.p { html.a { class = "button", href = settings.sign_in_url, texts.sign_in } },
  }
end

--- Says that something is not possible, by status.
function pages.problem(status)
  local words = texts.problems[status] or texts.problems[status >= 500 and 500 or 400]
  return layout {
    title = words[1],
    html.h1 { words[1] },
    html.p { class = "lead", words[2] },
    html.p { html.a { class = "button", href = "/", texts.back } },
  }
end

return pages
