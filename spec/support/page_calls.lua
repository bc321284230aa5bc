--- Pools at the sandbox and the four calls of a page, for the specs of
-- public_answer.

local cognito = require "cognito"
local sandbox = require "cognito.sandbox"

local M = {}

M.ASKING = { "forgot_password", "resend_confirmation_code" }
M.CONFIRMING = { "confirm_forgot_password", "confirm_sign_up" }

M.USERNAME, M.EMAIL, M.PHONE = "grace.hopper", "admiral@hopper.example", "+441234567890"
M.PASSWORD = "Analytical-Engine-1837"

--- A client of a sandbox that reveals, unless told otherwise, who has an account.
-- @tparam[opt] table options of the sandbox
-- @tparam[opt] table user
-- @return client, sandbox
function M.new_pool(options, user)
  options = options or {}
  options.prevent_user_existence_errors = options.prevent_user_existence_errors or "LEGACY"
  local box = sandbox.new(options)
  if user then box:add_user(user) end
  return cognito.new(box:settings()), box
end

--- Calls one of the four operations.
-- @param pool client
-- @tparam string operation
-- @tparam[opt] table changes to the parameters
function M.call(pool, operation, changes)
  local params = { username = M.USERNAME }
  if operation:find "^confirm" then params.confirmation_code = "123456" end
  if operation == "confirm_forgot_password" then params.password = M.PASSWORD end
  for name, value in pairs(changes or {}) do params[name] = value end
  return pool[operation](pool, params)
end

--- Visits each operation.
function M.each(operations, visit)
  for _, operation in ipairs(operations) do visit(operation) end
end

return M
