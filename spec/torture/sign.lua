-- Signatures and hashes, with more headers and text than stack buffers hold.
local core = require "cognito.core"

local headers = { { "Host", "example.com" } }
for i = 1, 20 do headers[#headers + 1] = { "X-" .. i, ("v "):rep(50) } end

local function sign(options)
  options.credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = ("s"):rep(100), session_token = "t" }
  options.time = 1795247391
  local signed, err = core.sign({
    method = "POST", url = "https://example.com/a/../b?q=2&q=1&" .. ("x=y&"):rep(50), headers = headers, body = "{}",
  }, options)
  assert(signed, err and err.message)
  return signed
end

return {
  quiet = true,
  run = function()
    assert(#sign { region = "eu-west-1", sign_body = true } == 25)
    for i = 1, 9 do sign { region = "region-" .. i } end -- more keys than are kept
    local _, err = core.sign({ method = "GET", url = "https://example.com/" }, { region = "eu-west-1" })
    assert(err.code == "no_credentials", err.code)
    assert(core.secret_hash("ada", "client", ("k"):rep(100)) == "1aFo6vKOzpgHHUdzHeGuNbhup+Yym+glN0RAjerOUpI=")
    assert(#core.sha1 "data" == 20 and #core.sha256 "data" == 32 and #core.hmac_sha256("key", "data") == 32)
  end,
}
