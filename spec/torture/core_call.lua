-- One call in C from parameters to result, on an http object that lives on.
local core = require "cognito.core"
local loopback = require "spec.torture.loopback"

local context = { endpoint = loopback.endpoint, region = "eu-west-1", client_id = "client", client_secret = "secret" }

return {
  before = function()
    loopback.before()
    context.http = core.http(loopback.http_options)
  end,
  run = function()
    for _ = 1, 2 do
      local result, err = core.forgot_password({ username = "ada" }, context)
      if not result then return err end
      assert(next(result) == nil)
      loopback.count()
    end
  end,
  judge = function(err) return loopback.judge(err, err.sent) end,
}
