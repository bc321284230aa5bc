--- The conditions that make our programs and those in C comparable: the same server, the same
-- bytes.

local cognito = require "cognito"
local example = require "bench.example"
local nginx = require "bench.nginx"

local M = {}

--- The client's headers behind those of core.build, for the C programs to send
-- them, too. The user agent of a signed call names the source of its keys.
-- @tparam table server
-- @tparam string operation
-- @treturn string lines
function M.client_headers(server, operation)
  local sent
  local runtime = {
    send = function(_, request)
      sent = request
      return nil, { code = "aborted", kind = "network", message = "never sent", sent = false }
    end,
    sleep = function() end,
  }
  local pool = cognito.new(example.with { endpoint = server.url, runtime = runtime })
  pool[operation](pool, example.params_of(operation))
  local lines, first = {}, nil
  for _, header in ipairs(sent.headers) do
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
