--- OpenSSL's own server, which says in its reply whether the TLS session is a
-- new one: "New, TLSv1.3" or "Reused, TLSv1.3".

local core = require "cognito.core"

local M = {}

local function await_url(path)
  for _ = 1, 1000 do
    local file = assert(io.open(path))
    local port = file:read("*a"):match "ACCEPT %S+:(%d+)"
    file:close()
    if port then return ("https://127.0.0.1:%s/"):format(port) end
    core.sleep(0.005)
  end
  error "openssl s_server did not start"
end

local Server = {}
Server.__index = Server

--- Starts it. It ends with `stop`, or with this process.
-- @tparam string certificate
-- @tparam string key
-- @treturn table server: `url`, and `stop()`
function M.start(certificate, key)
  local path = os.tmpname()
  local pipe = assert(io.popen(("openssl s_server -www -accept 127.0.0.1:0 -cert_chain %s -cert %s -key %s "
    .. "</dev/null >%s 2>&1 & read _; kill $!"):format(certificate, certificate, key, path), "w"))
  local url = await_url(path)
  os.remove(path)
  return setmetatable({ pipe = pipe, url = url }, Server)
end

--- Ends the process and waits for it.
function Server:stop()
  self.pipe:close()
end

return M
