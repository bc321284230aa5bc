--- OpenSSL's own server, which says in its reply whether the TLS session is a
-- new one: "New, TLSv1.3" or "Reused, TLSv1.3".

local process = require "spec.support.process"

local M = {}

--- Starts it. It ends with `stop`, or with this process.
-- @tparam string certificate
-- @tparam string key
-- @treturn table server: `url`, and `stop()`
function M.start(certificate, key)
  local server = process.start(process.words { "openssl", "s_server", "-www", "-accept", "127.0.0.1:0",
    "-cert_chain", certificate, "-cert", certificate, "-key", key } .. " 2>&1")
  server.url = ("https://127.0.0.1:%s/"):format(server:await("ACCEPT %S+:(%d+)", "openssl s_server"))
  return server
end

return M
