--- The conditions that make our programs and those in C comparable: the same server, the same
-- bytes.

local example = require "bench.example"
local nginx = require "bench.nginx"

local M = {}

--- The client's headers behind those of core.build, for the C programs to send
-- them, too. The user agent of a signed call names the source of its keys.
-- @tparam table server
-- @tparam string operation
-- @treturn string lines
function M.client_headers(server, operation)
  local lines, first = {}, nil
  for _, header in ipairs(example.client_request(server.url, operation).headers) do
    first = first or header[1] == "User-Agent"
    lines[#lines + 1] = first and table.concat(header, ": ") or nil
  end
  return table.concat(lines, "\n")
end

--- Calls a function with a server that runs meanwhile.
-- @tparam string directory for the server
-- @tparam number cpu that it runs on
-- @tparam function fn
function M.with_server(directory, cpu, fn)
  local server = nginx.start(directory, cpu)
  local ok, message = xpcall(function() -- an interrupt, too, ends here
    fn(server)
  end, debug.traceback)
  server:stop()
  if not ok then
    error(message, 0)
  end
end

return M
