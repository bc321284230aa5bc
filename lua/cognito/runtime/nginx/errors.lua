--- What went wrong inside nginx: in the words of the C core, with what to
-- change in nginx.conf.
-- @module cognito.runtime.nginx.errors

local failure = require "cognito.failure"
local printable = require "cognito.printable"

local M = {}

local what = {
  dns = "the host name could not be resolved",
  connect = "no connection",
  tls = "no trusted TLS connection",
  timeout = "no complete reply in time",
  connection_lost = "the connection was lost before the reply was complete",
  too_large = "the reply is too large",
  malformed_response = "the reply is not HTTP as it should be",
  wrong_phase = "nothing can be sent at this point",
  invalid_parameter = "the request cannot be sent",
}

local TRUST = "Name the certificates to trust in nginx.conf: lua_ssl_trusted_certificate "
  .. "/etc/ssl/certs/ca-certificates.crt; (on Debian), as ca_file and AWS_CA_BUNDLE count for nothing here"

local SILENT = "The servers of nginx's resolver line do not answer: check that line (/etc/resolv.conf has an address), "
  .. "and write ipv6=off into it where they answer for IPv4 alone"

local UNREACHABLE = "nginx chooses among the addresses of a name by chance: where this machine has no IPv6, "
  .. "write resolver … ipv6=off; into nginx.conf; else check the endpoint, routes and firewalls"

-- By code and by a part of nginx's words; the first that fits.
local hints = {
  { "dns", "no resolver defined", "nginx looks names up without the system's help: add a line like resolver"
    .. " 127.0.0.53; to the http block of nginx.conf, with an address from /etc/resolv.conf, or resolver local=on;"
    .. " in OpenResty" },
  { "dns", "timed out", SILENT },
  { "timeout", "looked up", SILENT },
  { "timeout", "of the name", UNREACHABLE },
  { "connect", "of the name", UNREACHABLE },
  { "dns", "", "nginx asks the servers of its resolver line, and neither /etc/hosts nor /etc/resolv.conf: "
    .. "check that line, the region and the endpoint" },
  { "tls", "unable to get", TRUST },
  { "tls", "unable to verify", TRUST },
  { "tls", "self%-?.?signed", TRUST },
  { "tls", "chain too long", "Set lua_ssl_verify_depth 3; in nginx.conf: its default is 1" },
  { "tls", "mismatch", "The certificate is for another name: check the endpoint, and note that nginx compares "
    .. "names only, not addresses" },
  { "tls", "handshake failed", "nginx's error log gives the reason: check the endpoint and lua_ssl_protocols" },
}

local function hint_for(fault)
  for _, row in ipairs(hints) do
    if row[1] == fault.code and fault.words:find(row[2]) then
      return row[3]
    end
  end
end

--- Makes an error of a fault.
-- @tparam table fault `{ code, words, sent }`; one that says nothing of what
--   was sent comes from the reading of a reply
-- @treturn table `{ code, kind, message, sent, hint }`
function M.new(fault)
  local message = ("%s: %s"):format(what[fault.code], printable.clean(fault.words))
  local err = fault.code == "invalid_parameter" and failure.validation(nil, message)
    or failure.network(fault.code, message)
  err.sent, err.hint = fault.sent ~= false, hint_for(fault)
  return err
end

return M
