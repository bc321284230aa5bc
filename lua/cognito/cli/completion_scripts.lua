--- The completion scripts of bash, zsh and fish. Each hands the words over to
-- `cognito __complete`, so that the candidates are those of the version that
-- is installed; see `cognito.cli.complete`.
-- @module cognito.cli.completion_scripts

local M = {}

M.bash = [=[
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

M.zsh = [=[
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

M.fish = [=[
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

return M
