--- `cognito resend-confirmation-code`
-- @module cognito.cli.command.resend_confirmation_code

local codes = require "cognito.cli.codes"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  codes.declare(command, {
    "cognito resend-confirmation-code ada",
    "cognito resend-confirmation-code --client-metadata locale=de ada",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  return codes.send(args, console, "resend_confirmation_code", "confirm-sign-up")
end

return M
