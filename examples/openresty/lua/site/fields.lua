--- Fields, forms, and what is wrong with them.

local html = require "site.html"
local passwords = require "site.passwords"
local session = require "site.session"
local texts = require "site.texts"

local fields = {}

-- Names of texts; the rest are attributes of HTML.
local kinds = {
  username = { label = "username", autocomplete = "username" },
  code = { label = "code", hint = "code_hint", autocomplete = "one-time-code", inputmode = "numeric" },
  password = { label = "new_password", autocomplete = "new-password", secret = true, rules = true },
  current_password = { label = "password", autocomplete = "current-password", secret = true },
}

-- Attributes of a user that a browser can fill in (WHATWG, autofill).
local autofill = {
  address = "street-address", birthdate = "bday", email = "email", family_name = "family-name", gender = "sex",
  given_name = "given-name", middle_name = "additional-name", name = "name", nickname = "nickname",
  phone_number = "tel", website = "url",
}

local function is_wrong(name, complaints)
  for _, complaint in ipairs(complaints) do
    if complaint.field == name then return true end
  end
  return false
end

-- A complaint stands on top of the page, once; the field points there.
local function described_by(name, kind, wrong)
  local ids = {}
  if kind.hint then ids[#ids + 1] = name .. "-hint" end
  if kind.rules then ids[#ids + 1] = name .. "-rules" end
  if wrong then ids[#ids + 1] = name .. "-error" end
  return ids[1] and table.concat(ids, " ")
end

-- Without a script it is a list to read; the script marks what is met. After a
-- try, the rules that the password broke are marked.
local function rules(name, broken)
  local items = { class = "rules", id = name .. "-list" }
  for _, rule in ipairs(passwords.rules()) do
    local missing = broken[rule.name]
    if missing or not rule.quiet then
      items[#items + 1] = html.li {
        class = missing and "missing", ["data-rule"] = rule.script,
        html.span { texts.fill(texts["rule_" .. rule.name], { count = rule.count }) },
        html.span { class = "hidden state", missing and " " .. texts.rule_missing or "" },
      }
    end
  end
  return html.div {
    class = "hint", id = name .. "-rules", ["data-met"] = texts.rule_met, ["data-missing"] = texts.rule_missing,
    html.p { texts.rules }, html.ul(items),
  }
end

local function label_of(kind)
  return kind.text or texts[kind.label]
end

local function control(name, kind, value, wrong)
  return html.div {
    class = "control",
    html.input {
      id = name, name = name, type = kind.secret and "password" or "text", class = name == "code" and "code",
      value = not kind.secret and value ~= "" and value, required = true,
      autocomplete = kind.autocomplete, inputmode = kind.inputmode, autocapitalize = "none", spellcheck = "false",
      ["aria-invalid"] = wrong and "true", ["aria-describedby"] = described_by(name, kind, wrong),
      ["data-show"] = kind.secret and texts.show, ["data-hide"] = kind.secret and texts.hide,
      ["data-show-label"] = kind.secret and texts.show_password,
      ["data-hide-label"] = kind.secret and texts.hide_password, ["data-rules"] = kind.rules and name .. "-rules",
    },
  }
end

local function field(name, kind, value, complaints, broken)
  local wrong = is_wrong(name, complaints)
  return html.div {
    class = wrong and "field wrong" or "field",
    html.label { ["for"] = name, label_of(kind) },
    kind.hint and html.p { class = "hint", id = name .. "-hint", texts[kind.hint] },
    control(name, kind, value, wrong),
    kind.rules and rules(name, wrong and broken or {}),
  }
end

local function broken_rules(password)
  local broken = {}
  for _, rule in ipairs((password or "") ~= "" and passwords.broken(password) or {}) do
    broken[rule.name] = true
  end
  return broken
end

--- A field. It keeps its value, passwords excepted.
-- @tparam string name `username`, `code`, `password` (a new one) or
--   `current_password`
-- @tparam table values of the form
-- @tparam table complaints of `site.forms`
-- @tparam[opt] string hint the name of another text than the usual one
function fields.input(name, values, complaints, hint)
  local kind = setmetatable({ hint = hint }, { __index = kinds[name] })
  return field(name, kind, values[name], complaints, broken_rules(values.password))
end

--- A box to tick.
-- @tparam string name
-- @tparam string label
-- @tparam table values of the form
function fields.box(name, label, values)
  return html.div {
    class = "box",
    html.input { id = name, name = name, type = "checkbox", value = "yes", checked = (values[name] or "") ~= "" },
    html.label { ["for"] = name, label },
  }
end

--- The label of an attribute of a user; one of the pool's own has its name.
function fields.attribute_label(name)
  local known = texts.find("attribute_" .. name)
  return known or (name:gsub("^custom:", ""):gsub("_", " "))
end

--- A field for an attribute of a user.
function fields.attribute(name, values, complaints)
  local kind = { text = fields.attribute_label(name), autocomplete = autofill[name] or "off" }
  return field("attribute." .. name, kind, (values.attributes or {})[name], complaints)
end

--- All that is wrong, first on the page and with the focus; false for nothing.
function fields.summary(complaints)
  if not complaints[1] then
    return false
  end
  local list = {}
  for i, complaint in ipairs(complaints) do
    local name = complaint.field
    list[i] = html.li { id = name and name .. "-error", name and html.a { href = "#" .. name, complaint.text }
      or complaint.text }
  end
  return html.div {
    class = "summary", role = "alert", tabindex = "-1", autofocus = true, ["aria-labelledby"] = "summary-title",
    html.h2 { id = "summary-title", texts.errors }, html.ul(list),
  }
end

--- A form with its token.
-- @tparam string action a path
-- @tparam table visitor
-- @tparam table contents elements
function fields.form(action, visitor, contents)
  contents.method, contents.action, contents.novalidate = "post", action, true
  contents[#contents + 1] = html.input { type = "hidden", name = "token", value = session.token(visitor) }
  return html.form(contents)
end

--- The button that sends a form.
function fields.button(text, more)
  local attributes = { type = "submit", text }
  for name, value in pairs(more or {}) do attributes[name] = value end
  return html.button(attributes)
end

return fields
