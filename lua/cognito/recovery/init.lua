--- What to do about an account, and what to tell whom.
--
--     local recovery = require "cognito.recovery"
--
--     local advice = assert(recovery.advise(pool, "ada"))   -- for the operator
--     local page = recovery.public_answer(pool:forgot_password { username = "ada" })   -- for a stranger
--
-- @module cognito.recovery

local M = {}

--- Which call helps a user, or why none does; docs/recovery.md has the fields
-- of the answer.
-- @function advise
-- @tparam cognito.Client pool
-- @tparam string username
-- @tparam[opt] table described what `pool:describe_user_pool {}` answered
-- @tparam[opt] table options `lost`, `factors`, `replicas`
-- @treturn[1] table advice
-- @treturn[2] nil
-- @treturn[2] cognito.Error
M.advise = require "cognito.recovery.advise"

--- An answer that tells a stranger nothing; docs/recovery.md has its fields.
-- @function public_answer
-- @tparam ?table result
-- @tparam ?cognito.Error err
-- @tparam[opt] table meta
-- @treturn table `{ outcome, log }`
M.public_answer = require "cognito.recovery.public_answer"

--- Signs a user in by password, through all challenges;
-- docs/sign_in.md has the options and the tokens.
-- @function sign_in
-- @tparam cognito.Client pool
-- @tparam table credentials `username`, `password`, `device`
-- @tparam[opt] table options `on_challenge`, `flow`, `preferred_challenge`,
--   `remember_device`, `client_metadata`, `user_context_data`
-- @treturn[1] table tokens
-- @treturn[2] nil
-- @treturn[2] cognito.Error
M.sign_in = require "cognito.recovery.sign_in"

--- Has the service remember the device of a sign-in whose challenges a program
-- answered itself; see `cognito.recovery.remember_device`.
-- @function remember_device
-- @tparam cognito.Client pool
-- @tparam table tokens
-- @tparam[opt] string name of the device, for people
-- @treturn ?table device
-- @treturn ?cognito.Error
M.remember_device = require "cognito.recovery.remember_device"

--- Gets new tokens for those of an earlier sign-in;
-- docs/sign_in.md has the options.
-- @function refresh
-- @tparam cognito.Client pool
-- @tparam table tokens of `sign_in` or `refresh`
-- @tparam[opt] table options `rotation`, `client_metadata`
-- @treturn[1] table tokens
-- @treturn[2] nil
-- @treturn[2] cognito.Error
M.refresh = require "cognito.recovery.refresh"

--- Makes an account safe after a takeover, with an account of every
-- step; docs/recovery.md has the steps.
-- @function secure
-- @tparam cognito.Client pool
-- @tparam string username
-- @tparam[opt] table options `lock`, `factors`, `events`, `since`
-- @treturn[1] table account
-- @treturn[2] nil
-- @treturn[2] cognito.Error
M.secure = require "cognito.recovery.secure"

return M
