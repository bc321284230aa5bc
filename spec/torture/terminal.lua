-- A secret that is typed without echo, and a line. spec/torture/run.py types.
local core = require "cognito.core"

local function check(line, why)
  if not line then return why end
  assert(line == "secret", "another line")
end

return {
  run = function()
    local why = check(core.read_secret "Secret: ")
    why = why or check(core.read_line(0))
    core.terminal_width(0)
    assert(core.is_open(0) ~= nil and core.is_terminal(0) ~= nil)
    local written, not_written = core.write_descriptor(2, "")
    why = why or not written and not_written or nil
    local done, message = core.no_core_dumps()
    return why or not done and message or nil
  end,
  judge = function(why) return type(why) ~= "string" and "no reason is given" or nil end,
}
