--- The handlers of signing in, which nginx.conf names.

local challenges = require "site.challenges"
local fields = require "site.fields"
local forms = require "site.forms"
local guard = require "site.guard"
local once = require "site.once"
local pages = require "site.sign_in_pages"
local session = require "site.session"
local sign_in = require "site.sign_in"
local texts = require "site.texts"
local web = require "site.web"

local app = {}

-- outcome -> status and complaint, on the page where the sign-in begins.
local refusals = {
  not_accepted = function() return 422, { field = "current_password", text = texts.sign_in_refused } end,
  elsewhere = function() return 422, { text = texts.sign_in_elsewhere } end,
  again = function() return 422, { text = texts.sign_in_again } end,
  try_later = function() return 503, { text = texts.sign_in_later } end,
}
refusals.broken, refusals.later = refusals.try_later, refusals.try_later

-- The same for answers that leave the challenge open.
local wrong_answers = {
  wrong_code = function(challenge)
    return 422, { field = "code", text = challenge.name == "MFA_SETUP" and texts.setup_refused or texts.factor_refused }
  end,
  bad_password = function() return 422, { field = "password", text = texts.bad_password } end,
  try_later = refusals.try_later,
  broken = refusals.broken,
}

local next_pages = { done = "/signed-in", challenge = "/sign-in/next" }

--- Name and password.
function app.start()
  return web.dispatch {
    GET = function()
      local visitor = session.find() or session.begin()
      return web.answer(200, pages.start(visitor, visitor, {}))
    end,
    POST = function()
      local form, visitor = web.receive()
      local complaints = forms.complaints(form, { "username", "current_password" })
      if complaints[1] then
        return web.answer(422, pages.start(visitor, form, complaints))
      end
      local outcome = once(visitor, form, function() return sign_in.begin(form) end)
      if next_pages[outcome] then
        return web.see(next_pages[outcome])
      end
      local status, complaint = refusals[outcome]()
      return web.answer(status, pages.start(visitor, form, { complaint }))
    end,
  }
end

local function complaints_about(challenge, form)
  local complaints = forms.complaints(form, { challenges.find(challenge).field },
    { code = challenges.is_of_app(challenge) and "no_app_code" or nil })
  if form.choice ~= "" and not challenges.can_choose(challenge, form.choice) then
    complaints[#complaints + 1] = { field = "choice", text = texts.no_choice }
  end
  local names, labels = challenges.attributes(challenge), {}
  for _, name in ipairs(names) do labels[name] = fields.attribute_label(name) end
  for _, complaint in ipairs(forms.attribute_complaints(form, labels, names)) do
    complaints[#complaints + 1] = complaint
  end
  return complaints
end

local function answer(visitor, challenge, form)
  local outcome = once(visitor, form, function() return sign_in.answer(visitor, challenge, form) end)
  if next_pages[outcome] then
    return web.see(next_pages[outcome])
  elseif wrong_answers[outcome] then
    local status, complaint = wrong_answers[outcome](challenge)
    return web.answer(status, pages.challenge(challenge, visitor, form, { complaint }))
  end
  local status, complaint = refusals[outcome == "not_accepted" and "again" or outcome]()
  return web.answer(status, pages.start(visitor, {}, { complaint }))
end

--- A second factor, a new password: whatever the service asks next.
function app.next()
  return web.dispatch {
    GET = function()
      local visitor = session.find()
      local challenge = sign_in.challenge(visitor)
      if not challenge then -- answered, and the visitor went back
        return web.see(sign_in.tokens(visitor) and "/signed-in" or "/sign-in")
      end
      return web.answer(200, pages.challenge(challenge, visitor, {}, {}))
    end,
    POST = function()
      local form, visitor = web.receive()
      local challenge = sign_in.challenge(visitor)
      if not challenge then
        return web.answer(422, pages.start(visitor, {}, { { text = texts.sign_in_again } }))
      end
      local complaints = complaints_about(challenge, form)
      if complaints[1] then
        return web.answer(422, pages.challenge(challenge, visitor, form, complaints))
      end
      return answer(visitor, challenge, form)
    end,
  }
end

--- The end of the way.
function app.done()
  return web.dispatch {
    GET = function()
      local visitor = session.find()
      if not sign_in.tokens(visitor) then
        return web.see "/sign-in"
      end
      return web.answer(200, pages.done(visitor, {}))
    end,
  }
end

--- Signs out.
function app.out()
  return web.dispatch {
    POST = function()
      local form, visitor = web.receive()
      if not sign_in.out(visitor, form.everywhere ~= "") then
        return web.answer(503, pages.done(visitor, { { text = texts.sign_in_later } }))
      end
      session.begin()
      return web.see "/sign-in"
    end,
  }
end

for name, handler in pairs(app) do
  app[name] = guard(handler)
end

return app
