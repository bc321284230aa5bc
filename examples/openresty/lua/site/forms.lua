--- Values that a visitor typed.

local passwords = require "site.passwords"
local texts = require "site.texts"

local forms = {}

-- Bytes: what is longer is no such thing.
local LONGEST = { username = 512, code = 64, password = 256, current_password = 256, choice = 64, token = 64, again = 3,
  everywhere = 3, remember = 3 }

local LONGEST_ATTRIBUTE = 512

-- Japanese keyboards write wide digits, and a wide space.
local WIDE_SPACE = "\227\128\128"

local function narrow(text)
  return (text:gsub("\239\188([\144-\153])", function(last) return string.char(last:byte() - 96) end)
    :gsub(WIDE_SPACE, " "))
end

-- Without the spaces around it, which come with copied text.
local function trim(text)
  local first, last = 1, #text
  while text:find("^%s", first) or text:sub(first, first + 2) == WIDE_SPACE do
    first = first + (text:find("^%s", first) and 1 or 3)
  end
  while last >= first and (text:find("^%s", last) or text:sub(last - 2, last) == WIDE_SPACE) do
    last = last - (text:find("^%s", last) and 1 or 3)
  end
  return text:sub(first, last)
end

local clean = {
  username = trim,
  code = function(text) return (narrow(text):gsub("[%s-]", "")) end, -- "123 456" is common in messages
}

-- A field that is missing counts as empty; one that comes twice, too.
local function field(arguments, name)
  local value = arguments[name]
  if type(value) ~= "string" then
    return ""
  end
  return clean[name] and clean[name](value) or value
end

-- Attributes that a new password may come with.
local function attributes(arguments)
  local found = {}
  for name in pairs(arguments) do
    local attribute = type(name) == "string" and name:match "^attribute%.([%w_:]+)$"
    if attribute then
      found[attribute] = trim(field(arguments, name))
    end
  end
  return found
end

local function is_form()
  local content_type = ngx.var.content_type
  return content_type and content_type:find "^application/x%-www%-form%-urlencoded" ~= nil
end

local function read()
  ngx.req.read_body()
  local arguments, err = ngx.req.get_post_args(16)
  if not is_form() or not arguments or err then
    return false
  end
  local form = { attributes = attributes(arguments) }
  for name in pairs(LONGEST) do
    form[name] = field(arguments, name)
  end
  return form
end

--- The form that was posted: `username`, `code`, `password` (a new one),
-- `current_password`, `choice`, `token`, `again`, `everywhere` and `remember`, each a
-- string, and `attributes`, strings by name; or nil. It is read in the rewrite
-- phase already, since the limits want to know the name.
function forms.read()
  if ngx.ctx.form == nil then
    ngx.ctx.form = read()
  end
  return ngx.ctx.form or nil
end

local function weak_password(password)
  local missing = {}
  for i, rule in ipairs(passwords.broken(password)) do
    missing[i] = texts.fill(texts["rule_" .. rule.name], { count = rule.count })
  end
  return missing[1] and texts.fill(texts.weak_password, { rules = table.concat(missing, texts.between_rules) })
end

local complaints = {
  username = function(value) return value == "" and texts.no_username end,
  code = function(value) return value == "" and texts.no_code end,
  password = function(value) return value == "" and texts.no_new_password or weak_password(value) end,
  current_password = function(value) return value == "" and texts.no_password end,
  choice = function(value) return value == "" and texts.no_choice end,
}

--- The faults of a form, as a list of `{ field, text }`; empty when all is
-- well. It says nothing that depends on who the user is.
-- @tparam table form
-- @tparam table names of fields
-- @tparam[opt] table missing the name of another text for a field that is empty
function forms.complaints(form, names, missing)
  local found = {}
  for _, name in ipairs(names) do
    local text = #form[name] > LONGEST[name] and texts.too_long or complaints[name](form[name])
    if form[name] == "" and missing and missing[name] then text = texts[missing[name]] end
    if text then
      found[#found + 1] = { field = name, text = text }
    end
  end
  return found
end

--- The faults of attributes that have to be filled in.
-- @tparam table form
-- @tparam table labels by name
-- @tparam table names list
-- @treturn table list of `{ field, text }`
function forms.attribute_complaints(form, labels, names)
  local found = {}
  for _, name in ipairs(names) do
    local value = form.attributes[name] or ""
    if value == "" or #value > LONGEST_ATTRIBUTE then
      found[#found + 1] = { field = "attribute." .. name,
        text = value == "" and texts.fill(texts.no_value, { label = labels[name] }) or texts.too_long }
    end
  end
  return found
end

return forms
