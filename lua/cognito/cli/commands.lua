--- The subcommands of `cognito`. Each is a module with `declare(command)`,
-- which tells the argument parser what it takes, and `run(args, console)`,
-- which returns the exit status; it is loaded when it is asked for.
-- @module cognito.cli.commands

local M = {}

--- In the order of the help: `name`, `module`, `summary`.
M.list = {
  { name = "forgot-password", summary = "Send a user a code for setting a new password." },
  { name = "confirm-forgot-password", summary = "Set a new password with the code that was sent." },
  { name = "resend-confirmation-code", summary = "Send the code that confirms a sign-up again." },
  { name = "confirm-sign-up", summary = "Confirm a sign-up with the code that was sent." },
  { name = "sign-in", summary = "Sign a user in, through every challenge." },
  { name = "admin-reset-user-password", summary = "Lock a user out and send a code for setting a new password." },
  { name = "admin-set-user-password", summary = "Set a user's password without sending a message." },
  { name = "admin-get-user", summary = "Show a user's status, attributes and second factors." },
  { name = "list-users", summary = "List the users of the pool." },
  { name = "advise", summary = "Say which call helps a user, or why none does." },
  { name = "secure", summary = "Make an account safe after a takeover, and say what became of each step." },
  { name = "call", summary = "Call any operation of the service." },
  { name = "bulk", summary = "Reset, lock or invite many users, with an auditable journal." },
  { name = "doctor", summary = "Check settings, credentials, network and clock here, and say what to fix." },
  { name = "rotate-secret", summary = "Replace an app client's secret by another, without an interruption." },
  { name = "secret-hash", summary = "Compute the secret hash of a user." },
  { name = "sandbox", summary = "Serve a local user pool for development.", module = "cognito.sandbox.command" },
  { name = "completion", summary = "Print a shell's completion script." },
}

for _, entry in ipairs(M.list) do
  entry.module = entry.module or "cognito.cli.command." .. entry.name:gsub("-", "_")
end

--- Their names.
-- @treturn {string,...}
function M.names()
  local names = {}
  for i, entry in ipairs(M.list) do
    names[i] = entry.name
  end
  return names
end

return M
