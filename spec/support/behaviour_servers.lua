--- The servers that the shared behaviour is tried against: a sandbox in a
-- process of its own, and some that send set replies.
local certificates = require "spec.support.certificates"
local native = require "cognito.core"
local sandbox_process = require "spec.support.sandbox_process"
local servers = require "spec.support.server"
local socket = require "socket"

local M = {}

local Servers = {}
Servers.__index = Servers

--- Asks one of them, not on the runtime under test.
function Servers:ask(method, url, body)
  local reply = assert(self.http:send {
    method = method, url = url, body = body, headers = { { "Content-Type", "application/json" } },
  })
  assert(reply.status == 200, reply.body)
  return reply.body
end

--- The facts that a world needs about them; plain data.
-- @tparam string prefix of all names
-- @tparam[opt="127.0.0.1"] string tls_host under which to ask for TLS
function Servers:parts(prefix, tls_host)
  local function tls(server)
    return ("https://%s:%d"):format(tls_host or "127.0.0.1", server.port)
  end
  return {
    prefix = prefix,
    sandbox = self.sandbox.settings,
    servers = {
      plain = self.plain:url "", trusted = tls(self.trusted), stranger = tls(self.stranger),
      elsewhere = tls(self.elsewhere),
    },
    refusing = ("http://127.0.0.1:%d"):format(self.refusing_port),
    ca_file = self.ca_file,
  }
end

function Servers:stop()
  self.http:close()
  self.refusing:close()
  for _, name in ipairs { "sandbox", "plain", "trusted", "stranger", "elsewhere" } do
    self[name]:stop()
  end
end

--- Starts them.
function M.start()
  local pem = certificates.get()
  local function tls(name)
    return servers.start("https", pem[name][1], pem[name][2])
  end
  local refusing = assert(socket.tcp())
  assert(refusing:bind("127.0.0.1", 0)) -- and never listens
  return setmetatable({
    http = native.http { max_response = 2 ^ 24 },
    sandbox = sandbox_process.start "--existence-errors LEGACY --devices user_opt_in",
    plain = servers.start "http",
    trusted = tls "good", stranger = tls "self", elsewhere = tls "elsewhere",
    refusing = refusing, refusing_port = select(2, refusing:getsockname()),
    ca_file = pem.ca,
  }, Servers)
end

return M
