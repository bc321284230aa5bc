--- Every word of the site. What is said after a try holds for everybody, whether
-- there is such an account or not.

local passwords = require "site.passwords"

local texts = {}

texts.steps = { "Your account", "Your code", "Done" }
texts.steps_label = "Progress"
texts.errors = "Please have a look at this"

texts.username = "Username or e-mail address"
texts.code = "Code"
texts.code_hint = "From our latest message. Spaces do not matter."
texts.password = "New password"
texts.password_hint = passwords.hint
texts.show, texts.hide = "Show", "Hide"

texts.no_username = "Enter your username or e-mail address."
texts.no_code = "Enter the code from our message."
texts.no_password = "Enter a new password."
texts.too_long = "This is too long."

--- What a password lacks, as a sentence.
function texts.weak_password(missing)
  local last = table.remove(missing)
  local list = missing[1] and table.concat(missing, ", ") .. " and " .. last or last
  return "Your new password still needs " .. list .. "."
end

texts.flows = {
  password = {
    ask = {
      title = "Forgot your password?",
      lead = "It happens. Tell us who you are, and we will send you a code to set a new one.",
      button = "Send me a code",
    },
    confirm = {
      title = "Set a new password",
      button = "Set new password",
    },
    done = {
      title = "Your new password is set",
      lead = "From now on, sign in with your new password.",
    },
  },
  sign_up = {
    ask = {
      title = "Confirm your sign-up",
      lead = "The code got lost? Tell us the name you signed up with, and we will send it again.",
      button = "Send it again",
    },
    confirm = {
      title = "Confirm your sign-up",
      button = "Confirm sign-up",
    },
    done = {
      title = "Welcome, your account is confirmed",
      lead = "You can sign in now, with the password you chose.",
    },
  },
}

-- After asking; the name goes in between.
texts.sent = { "If there is an account for ", ", a code is on its way to the address or phone number we know." }
texts.sent_again = { "If there is an account for ", ", another code is on its way. Only the latest one works." }
texts.not_sent = "Something is wrong on our side, and no code was sent. Please try again in a few minutes."

-- After confirming.
texts.not_accepted = "That did not work. Check the name, and use the code from our latest message. "
  .. "A code works once and for a limited time; ask for a new one if in doubt."
texts.bad_password = "This password cannot be used. Please choose another one."
texts.try_later = {
  password = "Something is wrong on our side. Your new password may be set already: try to sign in with it, "
    .. "or send this form again in a few minutes.",
  sign_up = "Something is wrong on our side. Your account may be confirmed already: try to sign in, "
    .. "or send this form again in a few minutes.",
}

texts.no_message = "No message?"
texts.no_message_help = "Give it a few minutes, and look into your spam folder."
texts.again = "Send another code"
texts.start_again = "Ask for a code"
texts.have_code = "I have a code already"
texts.to_sign_up = { "You signed up and never confirmed it? ", "Get the sign-up code again" }
texts.to_password = { "You forgot your password? ", "Set a new one" }
texts.sign_in = "Sign in"
texts.back = "Back to the start"
texts.footer = "Keep the code to yourself. Our team never asks for it."

-- Instead of a page, by status.
texts.problems = {
  [400] = { "We could not read this", "Please go back and fill in the form again." },
  [403] = { "This page was open for too long", "To keep you safe, we only take forms that were opened here recently. "
    .. "Nothing was sent or changed. Please start again." },
  [404] = { "There is no such page", "The address may be misspelt." },
  [405] = { "This page cannot be used like that", "Please start again." },
  [413] = { "That was too much at once", "Please go back and shorten what you entered." },
  [429] = { "That was a bit quick", "To protect accounts from guessing, we take only a few tries at a time. "
    .. "Please wait a few minutes, then try again." },
  [500] = { "Something is wrong on our side", "Please try again in a few minutes." },
}

return texts
