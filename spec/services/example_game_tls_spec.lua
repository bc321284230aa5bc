--- The example of a game server, its calls over TLS: an nginx stands between
-- it and the local user pool.
local game = require "spec.support.game_server"

describe("the example of a game server", function()
  it("recovers accounts over TLS", function()
    local text, status = game.run_example "--tls --players 50 --recovering 8 --recoveries 16 --seconds 60 --distance 20"
    assert.equal(0, status, text)
    assert.truthy(text:find("user pool: https://", 1, true), text)
    assert.truthy(text:find("recoveries: 16 begun, 16 confirmed, 0 failed", 1, true), text)
    assert.truthy(text:find("codes asked for            16: accepted 16", 1, true), text)
  end)
end)
