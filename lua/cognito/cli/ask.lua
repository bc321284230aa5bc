--- Questions to the person at the terminal.
-- @module cognito.cli.ask

local native = require "cognito.native"
local stop = require "cognito.cli.stop"

local M = {}

--- The descriptor that a person types into.
M.STANDARD_INPUT = 0

--- Asks for a line, which is shown as it is typed.
-- @tparam table console
-- @tparam string question
-- @tparam string hint what to do where nobody can be asked
-- @treturn string
-- @raise where nobody can be asked
function M.line(console, question, hint)
  if not console:is_terminal(M.STANDARD_INPUT) then
    stop.usage("cannot ask: standard input is no terminal", hint)
  end
  io.stderr:write(question)
  local answer = native.read_line(M.STANDARD_INPUT)
  if not answer and stop.interrupted() then
    io.stderr:write "\n"
    stop.quietly(stop.interrupted())
  end
  return answer or ""
end

return M
