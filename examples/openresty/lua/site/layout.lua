--- The frame of every page.

local colours = require "site.colours"
local html = require "site.html"
local languages = require "site.languages"
local settings = require "site.settings"
local texts = require "site.texts"

local layout = {}

local function steps(current)
  local items = { class = "steps", ["aria-label"] = texts.steps_label }
  for i = 1, 3 do
    items[i] = html.li {
      class = i < current and "past" or i > current and "ahead",
      ["aria-current"] = i == current and "step",
      html.span { texts["step_" .. i] },
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
    html.link { rel = "icon", href = settings.logo or "/mark.svg" },
    html.link { rel = "stylesheet", href = "/accent.css" },
    html.link { rel = "stylesheet", href = "/static/site.css" },
    html.script { src = "/static/site.js", defer = true },
  }
end

local function header()
  return html.header { html.a {
    href = "/", class = "brand", html.img { class = "mark", src = settings.logo or "/mark.svg", alt = "" },
    html.span { settings.name },
  } }
end

--- A page.
-- @tparam table page `title`; `step` from 1 to 3, if it has any; `failed`; and
--   the elements of its body as a list, false and nil for none
-- @treturn string HTML
function layout.page(page)
  local main = { class = "card", id = "main", page.step and steps(page.step) or false }
  for i = 1, table.maxn(page) do
    main[i + 1] = page[i] or false
  end
  local language = texts.language()
  local title = page.failed and texts.fill(texts.error_title, { title = page.title }) or page.title
  return "<!doctype html>\n" .. tostring(html.html {
    lang = language, dir = languages.direction(language),
    head(title),
    html.body { header(), html.main(main), html.footer { html.p { texts.footer } } },
  }) .. "\n"
end

--- The style sheet with the colours of the accent.
layout.style_sheet = colours.style_sheet(settings.accent)

--- The mark, an SVG.
layout.mark = colours.mark(settings.accent)

return layout
