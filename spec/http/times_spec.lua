--- Which of the times that a request has ends it: the shorter one, wherever it is by then.
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"

local SHORT, LONG = 0.1, 3600

describe("a request over TLS whose server never shakes hands", function()
  local server, http

  before_each(function()
    server, http = hostile_server.listen(), core.http { ca_path = "spec" }
    server.script = function(peer) peer:stall() end
  end)
  after_each(function()
    http:close()
    server:stop()
  end)

  for _, times in ipairs { { timeout = SHORT, connect_timeout = LONG }, { timeout = LONG, connect_timeout = SHORT } } do
    it(("ends with a timeout of %g s and a connect_timeout of %g s"):format(times.timeout, times.connect_timeout),
      function()
        local _, err = server:exchange(http, { method = "GET", url = server:url "https" }, times)
        assert.same({ "timeout", false }, { err.code, err.sent })
      end)
  end
end)
