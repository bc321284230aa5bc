--- Values that a visitor typed.

local passwords = require "site.passwords"
local texts = require "site.texts"

local forms = {}

-- Bytes: what is longer is no such thing.
local LONGEST = { username = 512, code = 64, password = 256, token = 64, again = 3 }

-- Without the spaces around it, which come with copied text.
local function trim(text)
  local first = text:find "%S"
  return first and text:match("^.*%S", first) or ""
end

local clean = {
  username = trim,
  code = function(text) return (text:gsub("[%s-]", "")) end, -- "123 456" is common in messages
}

-- A field that is missing counts as empty; one that comes twice, too.
local function field(arguments, name)
  local value = arguments[name]
  if type(value) ~= "string" then
    return ""
  end
  return clean[name] and clean[name](value) or value
end

local function is_form()
  local content_type = ngx.var.content_type
  return content_type and content_type:find "^application/x%-www%-form%-urlencoded" ~= nil
end

--- The form that was posted: `username`, `code`, `password`, `token`, `again`,
-- each a string; or nil. It is read in the rewrite phase already, since the
-- limits want to know the name.
function forms.read()
  if ngx.ctx.form == nil then
    ngx.req.read_body()
    local arguments, err = ngx.req.get_post_args(10)
    local form = is_form() and arguments and not err and {}
    for name in pairs(form and LONGEST or {}) do
      form[name] = field(arguments, name)
    end
    ngx.ctx.form = form
  end
  return ngx.ctx.form or nil
end

local complaints = {
  username = function(value)
    return value == "" and texts.no_username
  end,
  code = function(value)
    return value == "" and texts.no_code
  end,
  password = function(value)
    local missing = passwords.lacks(value)
    return value == "" and texts.no_password or missing[1] and texts.weak_password(missing)
  end,
}

--- The faults of a form, as a list of `{ field, text }`; empty when all is
-- well. It says nothing that depends on who the user is.
function forms.complaints(form, names)
  local found = {}
  for _, name in ipairs(names) do
    local text = #form[name] > LONGEST[name] and texts.too_long or complaints[name](form[name])
    if text then
      found[#found + 1] = { field = name, text = text }
    end
  end
  return found
end

return forms
