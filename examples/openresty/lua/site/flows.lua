--- The two things one can do here, each in three pages: ask for a code, enter
-- it, done.

return {
  password = {
    name = "password",
    ask = "forgot_password",
    confirm = "confirm_forgot_password",
    fields = { "username", "code", "password" },
    paths = { ask = "/", confirm = "/code", done = "/done" },
  },
  sign_up = {
    name = "sign_up",
    ask = "resend_confirmation_code",
    confirm = "confirm_sign_up",
    fields = { "username", "code" },
    paths = { ask = "/sign-up", confirm = "/sign-up/code", done = "/sign-up/done" },
  },
}
