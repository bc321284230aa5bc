--- English. The texts after a try hold whether there is such an account or not.
-- `{…}` are placeholders; every language has the same ones.
return {
  error_title = "Error: {title}",
  errors = "Please check this",
  steps_label = "Progress",
  step_1 = "Account", -- these three stand in a third of a phone's screen
  step_2 = "Code",
  step_3 = "Done",

  username = "Username or e-mail address",
  code = "Code",
  code_hint = "From our latest message. Spaces do not matter.",
  password = "Password",
  new_password = "New password",
  show = "Show",
  hide = "Hide",
  show_password = "Show the password", -- with the words of `show` in it
  hide_password = "Hide the password",

  rules = "Your new password needs:",
  rule_length = "at least {count} characters",
  rule_upper = "an upper-case letter (A–Z)",
  rule_lower = "a lower-case letter (a–z)",
  rule_digit = "a digit (0–9)",
  rule_symbol = "a symbol, such as ! ? # or %",
  rule_ends = "no space at its beginning or end",
  rule_met = "(met)",
  rule_missing = "(missing)",
  between_rules = ", ",

  no_username = "Enter your username or e-mail address.",
  no_code = "Enter the code from our message.",
  no_app_code = "Enter the code that the app shows.",
  no_password = "Enter your password.",
  no_new_password = "Enter a new password.",
  no_choice = "Choose one of these.",
  no_value = "Fill in: {label}.",
  too_long = "This is too long.",
  weak_password = "Your new password still needs: {rules}.",

  ask_password_title = "Forgot your password?",
  ask_password_lead = "It happens. Tell us who you are, and we will send you a code to set a new one.",
  ask_password_button = "Send me a code",
  confirm_password_title = "Set a new password",
  confirm_password_button = "Set new password",
  done_password_title = "Your new password is set",
  done_password_lead = "From now on, sign in with your new password.",

  ask_sign_up_title = "Confirm your sign-up",
  ask_sign_up_lead = "Lost the code? Tell us the name you signed up with, and we will send it again.",
  ask_sign_up_button = "Send it again",
  confirm_sign_up_title = "Confirm your sign-up",
  confirm_sign_up_button = "Confirm sign-up",
  done_sign_up_title = "Welcome, your account is confirmed",
  done_sign_up_lead = "You can sign in now, with the password you chose.",

  sent = "If there is an account for {name}, a code is on its way to the address or phone number we know.",
  sent_again = "If there is an account for {name}, another code is on its way. Only the latest one works.",
  not_sent = "Something is wrong on our side, and no code was sent. Please try again in a few minutes.",

  not_accepted = "That did not work. Check the name, and use the code from our latest message. "
    .. "A code works once and for a limited time; ask for a new one if in doubt.",
  bad_password = "This password cannot be used. Please choose another one.",
  try_later_password = "Something is wrong on our side. Your new password may be set already: try to sign in with it, "
    .. "or send this form again in a few minutes.",
  try_later_sign_up = "Something is wrong on our side. Your account may be confirmed already: try to sign in, "
    .. "or send this form again in a few minutes.",

  no_message = "No message?",
  no_message_help = "Give it a few minutes, and look into your spam folder.",
  again = "Send another code",
  start_again = "Ask for a code",
  have_code = "I have a code already",
  to_sign_up = "Get the sign-up code again",
  to_sign_up_why = "You signed up and never confirmed it?",
  to_password = "Set a new one",
  to_password_why = "You forgot your password?",
  to_sign_in = "Back to sign-in",
  help = "Get help",
  help_why = "Nothing here helps?",

  sign_in_title = "Sign in",
  sign_in_button = "Sign in",
  sign_in_refused = "That did not work. Check the name and the password. If your password was reset, "
    .. "or your sign-up was never confirmed, the links below help.",
  sign_in_later = "Something is wrong on our side. Please try again in a few minutes.",
  sign_in_again = "Your sign-in took too long, or was tried too often. Please sign in again.",
  sign_in_elsewhere = "Your account asks for something that this page does not have. Please get help from our team.",

  factor_title = "One more step",
  factor_sms = "Enter the code that we sent by text message to {destination}.",
  factor_email = "Enter the code that we sent by e-mail to {destination}.",
  factor_app = "Enter the code that your authenticator app shows.",
  factor_code_hint = "Spaces do not matter.",
  factor_button = "Continue",
  remember = "Do not ask for a code in this browser for {days} days",
  factor_refused = "That code did not work. Wait for the next one in your app, or use the one from our latest message.",
  factor_lost = "No code, or a lost phone?",
  factor_lost_help = "Sign in again to get another code. If the phone is gone, our team can remove it from your "
    .. "account.",

  choose_title = "How do you want to prove it is you?",
  choose_sms = "By text message",
  choose_email = "By e-mail",
  choose_app = "With an authenticator app",
  choose_no_passkey = "This page does not take passkeys. Please go on in one of these ways.",

  setup_title = "Set up your authenticator app",
  setup_lead = "Your account asks for a second step when you sign in: a code from an authenticator app, for example "
    .. "on your phone.",
  setup_scan = "Scan this picture with the app, or type the key:",
  setup_type = "Type this key into the app:",
  setup_picture = "QR code that holds the key",
  setup_link = "Open an authenticator app on this device",
  setup_code_hint = "The six digits that the app shows now. Spaces do not matter.",
  setup_refused = "That code did not work. Check that the app has this key and that your device’s clock is right, then "
    .. "enter the next code.",

  first_password_title = "Choose a new password",
  first_password_lead = "Your password was a temporary one. Choose one that only you know.",
  first_password_button = "Set password and sign in",

  attribute_address = "Address",
  attribute_birthdate = "Date of birth (year-month-day)",
  attribute_email = "E-mail address",
  attribute_family_name = "Family name",
  attribute_gender = "Gender",
  attribute_given_name = "Given name",
  attribute_middle_name = "Middle name",
  attribute_name = "Full name",
  attribute_nickname = "Nickname",
  attribute_phone_number = "Phone number, with + and country code",
  attribute_preferred_username = "Preferred username",
  attribute_website = "Website",

  signed_in_title = "You are signed in",
  signed_in_lead = "Everything works again.",
  go_on = "Continue",
  sign_out = "Sign out",
  sign_out_everywhere = "Sign out on all devices",

  back = "Back to the start",
  back_to_form = "Try again",
  footer = "Keep the code to yourself. Our team never asks for it.",

  problem_400_title = "We could not read this",
  problem_400_lead = "Please go back and fill in the form again.",
  problem_403_title = "This form is no longer valid",
  problem_403_lead = "To keep you safe, we only take forms that were opened here recently. "
    .. "Nothing was sent or changed. Please start again. "
    .. "If you see this again, allow this site to set cookies.",
  problem_404_title = "There is no such page",
  problem_404_lead = "The address may be misspelt.",
  problem_405_title = "This page cannot be used like that",
  problem_405_lead = "Please start again.",
  problem_413_title = "That was too much at once",
  problem_413_lead = "Please go back and shorten what you entered.",
  problem_429_title = "That was a bit quick",
  problem_429_lead = "To protect accounts from guessing, we take only a few tries at a time. "
    .. "Please wait a few minutes, then try again.",
  problem_500_title = "Something is wrong on our side",
  problem_500_lead = "Please try again in a few minutes.",
}
