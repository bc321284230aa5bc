--- `cognito forgot-password`
-- @module cognito.cli.command.forgot_password

local codes = require "cognito.cli.codes"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  codes.declare(command, {
    "cognito forgot-password ada",
    "cognito forgot-password --region eu-west-1 --client-id 3n4b5urk1ft4fl3mg5e62d9ado ada",
    "cognito forgot-password --json ada | jq -r .code_delivery_details.destination",
    "cognito forgot-password --client-secret-fd 3 ada 3<client-secret",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  return codes.send(args, console, "forgot_password", "confirm-forgot-password")
end

return M
