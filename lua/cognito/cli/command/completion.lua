--- `cognito completion`
-- @module cognito.cli.command.completion

local parser = require "cognito.cli.parser"
local scripts = require "cognito.cli.completion_scripts"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("shell", "bash, zsh or fish."):choices { "bash", "zsh", "fish" }
  parser.examples(command, {
    "source <(cognito completion bash)                   # in ~/.bashrc",
    "cognito completion zsh >\"${fpath[1]}/_cognito\"",
    "cognito completion fish >~/.config/fish/completions/cognito.fish",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  console:write(scripts[args.shell])
end

return M
