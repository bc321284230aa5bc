--- TLS: whom a client trusts. The certificates are certificates.lua's.
local expect = require "spec.support.expect"

local equal, success, failure = expect.equal, expect.success, expect.failure

local cases = {}

-- One that tells its connection in its reply.
local function script(world, server)
  return world:script({ world:reply(200, {}, '{"Connection":"%CONNECTION%"}') }, server)
end

cases[1] = { "a certificate of an authority that is trusted", { "sockets" }, function(world)
  local pool = world:client { endpoint = script(world, "trusted").url }
  local first = success(pool:forgot_password { username = "ada" })
  local second = success(pool:forgot_password { username = "ada" })
  assert(first.Connection:find "^%d+$", "it does not tell its connection")
  equal(first.Connection, second.Connection)
end }

for _, server in ipairs { "stranger", "elsewhere" } do
  cases[#cases + 1] = { "a certificate that is not to be trusted: " .. server, { "sockets" }, function(world)
    local err = failure({ code = "tls", kind = "network", ambiguous = false, retryable = true, attempts = 3 },
      world:client({ endpoint = script(world, server).url }):forgot_password { username = "ada" })
    assert(err.hint, "no hint")
  end }
end

cases[#cases + 1] = { "no TLS at the other end", { "sockets" }, function(world)
  world.pool:misbehave { what = "status_503", phase = "first_byte", times = 3 }
  local endpoint = world:settings().endpoint:gsub("^http:", "https:")
  failure({ code = "tls", ambiguous = false, attempts = 3 },
    world:client({ endpoint = endpoint }):forgot_password { username = "ada" })
end }

return cases
