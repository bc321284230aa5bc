--- A client and replies that are HTTP and no answers of the service.
local core = require "cognito.core"
local cognito = require "cognito"
local hostile = require "spec.support.hostile_scene"

local scene = hostile.scene { describe = describe, before_each = before_each, after_each = after_each }
local LONG, OK, says = hostile.LONG, hostile.OK, hostile.says

describe("a client", function()
  -- The usual runtime waits inside C; this one lets the server have its turn.
  local function ask(text)
    scene.http = core.http { timeout = LONG }
    scene.server.script = says(text, "stall")
    local pool = cognito.new {
      endpoint = scene.server:url(), user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
      runtime = {
        send = function(_, request) return scene.server:exchange(scene.http, request) end,
        sleep = function() end,
      },
    }
    return pool:forgot_password { username = "ada" }
  end

  local function page(content_type, body)
    return ("%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"):format(OK, content_type, #body, body)
  end

  local rows = {
    { "a web page", page("text/html", "<html>Please sign in to the network</html>") },
    { "a web page that calls itself JSON", page("application/x-amz-json-1.1", "<html></html>") },
    { "JSON that is no object", page("application/x-amz-json-1.1", "[1]") },
    { "JSON that is cut off", page("application/x-amz-json-1.1", '{"CodeDeliveryDetails":{"Destin') },
  }

  for _, row in ipairs(rows) do
    it("does not take " .. row[1] .. " for a reply, and does not ask again", function()
      local result, err = ask(row[2])
      assert.is_nil(result)
      assert.equal("malformed_response", err.code)
      assert.is_true(err.ambiguous)
      assert.equal(1, scene.server.accepted)
    end)
  end

  it("takes a reply of a wrong content type that is one", function()
    local body = '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL"}}'
    assert.equal("EMAIL", assert(ask(page("text/plain", body))).code_delivery_details.delivery_medium)
  end)
end)
