--- The pages of the two recoveries, and those about nothing in particular.

local fields = require "site.fields"
local html = require "site.html"
local layout = require "site.layout"
local settings = require "site.settings"
local texts = require "site.texts"

local pages = {}

local function words(step, flow, part)
  return texts[step .. "_" .. flow.name .. "_" .. part]
end

local function form_of(flow, step, visitor, values, complaints)
  local contents = {}
  for i, name in ipairs(step == "ask" and { "username" } or flow.fields) do
    contents[i] = fields.input(name, values, complaints)
  end
  contents[#contents + 1] = fields.button(words(step, flow, "button"))
  return fields.form(flow.paths[step], visitor, contents)
end

-- ---- ways to other pages ----

local function way(why, href, text)
  return html.p { why and texts[why] .. " " or false, html.a { href = href, texts[text] } }
end

--- The ways from a page: to the other pages, and to people where there are any.
-- @tparam string name of this page: "password", "sign_up" or "sign_in"
-- @treturn table list of elements
function pages.ways(name)
  local ways = {}
  if name ~= "password" then ways[#ways + 1] = way("to_password_why", "/", "to_password") end
  if name ~= "sign_up" then ways[#ways + 1] = way("to_sign_up_why", "/sign-up", "to_sign_up") end
  if name ~= "sign_in" then ways[#ways + 1] = way(nil, settings.sign_in_url, "to_sign_in") end
  if settings.help_url then ways[#ways + 1] = way("help_why", settings.help_url, "help") end
  return ways
end

local function aside(name, contents)
  contents.class = "aside"
  for _, element in ipairs(pages.ways(name)) do contents[#contents + 1] = element end
  return contents
end

-- ---- the pages ----

--- Asks who the visitor is.
function pages.ask(flow, visitor, values, complaints)
  local title = words("ask", flow, "title")
  return layout.page {
    title = title, step = 1, failed = complaints[1],
    fields.summary(complaints),
    html.h1 { title },
    html.p { class = "lead", words("ask", flow, "lead") },
    form_of(flow, "ask", visitor, values, complaints),
    html.div(aside(flow.name, { html.p { html.a { href = flow.paths.confirm, texts.have_code } } })),
  }
end

local function sent_to(username, again)
  if username == "" then
    return false
  end
  local note = texts.parts(again and texts.sent_again or texts.sent, { name = username })
  note.class, note.role = "note", "status"
  return html.p(note)
end

local function another_code(flow, visitor)
  if visitor.username == "" then
    return html.p { html.a { href = flow.paths.ask, texts.start_again } }
  end
  return fields.form(flow.paths.ask, visitor, {
    html.input { type = "hidden", name = "username", value = visitor.username },
    html.input { type = "hidden", name = "again", value = "yes" },
    fields.button(texts.again, { class = "quiet" }),
  })
end

--- Asks for the code, and for a new password. `values.again` tells that another
-- code was asked for.
function pages.confirm(flow, visitor, values, complaints)
  local title = words("confirm", flow, "title")
  return layout.page {
    title = title, step = 2, failed = complaints[1],
    fields.summary(complaints),
    html.h1 { title },
    not complaints[1] and sent_to(visitor.username, values.again),
    form_of(flow, "confirm", visitor, values, complaints),
    html.section(aside(flow.name, {
      ["aria-labelledby"] = "no-message",
      html.h2 { id = "no-message", texts.no_message },
      html.p { texts.no_message_help },
      another_code(flow, visitor),
    })),
  }
end

--- Says that all is well.
function pages.done(flow)
  local title = words("done", flow, "title")
  return layout.page {
    title = title, step = 3,
    html.div { class = "tick", ["aria-hidden"] = "true" },
    html.h1 { tabindex = "-1", autofocus = true, title },
    html.p { class = "lead", role = "status", words("done", flow, "lead") },
    html.p { html.a { class = "button", href = settings.sign_in_url, texts.sign_in_button } },
  }
end

-- Pages with a form, to which a visitor goes back.
local with_form = { ["/sign-up"] = true, ["/code"] = true, ["/sign-up/code"] = true, ["/sign-in"] = true,
  ["/sign-in/next"] = true }

--- Says that something is not possible.
-- @tparam integer status
-- @tparam string path of the request
function pages.problem(status, path)
  local known = texts.find("problem_" .. status .. "_title") and status or status >= 500 and 500 or 400
  local title = texts["problem_" .. known .. "_title"]
  return layout.page {
    title = title,
    html.h1 { title },
    html.p { class = "lead", texts["problem_" .. known .. "_lead"] },
    html.p { with_form[path] and html.a { class = "button", href = path, texts.back_to_form }
      or html.a { class = "button", href = "/", texts.back } },
  }
end

return pages
