--- `cognito completion`
-- @module cognito.cli.command.completion

local parser = require "cognito.cli.parser"

local M = {}

-- Each hands the words over to `cognito __complete`, so that what it offers is
-- always what this very version takes. See `cognito.cli.complete`.
local scripts = {}

scripts.bash = [=[
# bash completion of cognito
_cognito() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    line=${line%%$'\t'*}
    [[ $line != *= ]] || compopt -o nospace 2>/dev/null
    COMPREPLY+=("$line")
  done < <("$1" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _cognito cognito
]=]

scripts.zsh = [=[
#compdef cognito
_cognito() {
  local line
  local -a lines values
  lines=("${(@f)$("$words[1]" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == :files ]]; then
    _files
    return
  fi
  for line in $lines; do
    values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  _describe cognito values
}
if [[ $funcstack[1] == _cognito ]]; then
  _cognito "$@"
else
  compdef _cognito cognito
fi
]=]

scripts.fish = [=[
# fish completion of cognito
function __cognito_complete
  set -l current (commandline -ct)
  set -l before (commandline -opc)
  set -l lines (cognito __complete $before[2..-1] "$current" 2>/dev/null)
  if test "$lines[1]" = :files
    __fish_complete_path "$current"
  else if test (count $lines) -gt 0
    printf '%s\n' $lines
  end
end
complete -c cognito -f -a '(__cognito_complete)'
]=]

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
