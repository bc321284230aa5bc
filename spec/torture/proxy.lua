-- Plain http through a proxy: one that is named, with a user and a password,
-- and the environment's, about which libcurl is asked.
local core = require "cognito.core"
local loopback = require "spec.torture.loopback"

local request = { method = "POST", url = "http://service.invalid/", body = "{}" }
local named = loopback.endpoint:gsub("//", "//ada:s%%23cret@")

local function send(http)
  local reply, err
  for _ = 1, 2 do
    reply, err = http:send(request)
    if not reply then break end
    assert(reply.status == 200 and reply.body == "{}", reply.body)
    loopback.count()
  end
  http:close()
  return err
end

return {
  before = loopback.before,
  run = function()
    return send(core.http { allow_http = true, timeout = 5, proxy = named })
      or send(core.http { allow_http = true, timeout = 5 })
  end,
  judge = function(err)
    assert(not err.message:find "s#cret" and not err.message:find "s%%23cret", "the proxy's password is in the error")
    return loopback.judge(err, err.sent)
  end,
}
