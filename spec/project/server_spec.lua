-- The servers of other specs end, whatever they are at.

local start_script = require("spec.support.server").start_script

it("a server of a spec that loops for ever is stopped, and no process of it is left", function()
  local script, pid = os.tmpname(), os.tmpname()
  local file = assert(io.open(script, "w"))
  file:write(([[
    local pid = io.open(%q, "w")
    pid:write(io.open "/proc/self/stat":read "*a":match "^%%d+")
    pid:close()
    print(4711)
    io.stdout:flush()
    while true do end
  ]]):format(pid))
  file:close()
  local server = start_script(script)
  assert.equal(4711, server.port)
  file = assert(io.open(pid))
  local process = "/proc/" .. file:read "*a" .. "/stat"
  file:close()
  assert(io.open(process)):close()
  server:stop()
  assert.is_nil((io.open(process)))
  os.remove(script)
  os.remove(pid)
end)
