-- HTTP/1.1 without sockets: requests of both forms, and replies that come in
-- pieces.
local core = require "cognito.core"

local OK = "HTTP/1.1 200 OK\r\nX-Amzn-RequestId: r-1\r\n"
local body = ("reply "):rep(400)
local replies = {
  OK .. "Content-Length: 2400\r\n\r\n" .. body,
  OK .. "Transfer-Encoding: chunked\r\n\r\n960\r\n" .. body .. "\r\n0\r\nX-Late: 1\r\n\r\n",
}

local request = {
  method = "POST", url = "https://h.example/", body = ("body "):rep(400), headers = { { "X-Long", ("x"):rep(2000) } },
}

-- In three pieces: a line is cut in the first.
local function feed(object, reply)
  assert(object:feed(reply:sub(1, 30)) == false and object:feed(reply:sub(31, 1000)) == false)
  assert(object:feed(reply:sub(1001)) == true and object:keeps())
end

local function exchange(object)
  local prepared = core.exchange()
  assert(prepared:prepare("forgot_password", { username = "ada" },
    core.caller { region = "eu-west-1", client_id = "client" }))
  assert(table.concat((object:load(prepared))):find("\r\n\r\n{", 1, true))
  feed(object, OK .. "X-A: 1\r\nContent-Length: 1000\r\n\r\n{}" .. (" "):rep(998))
  object:answer(prepared)
  local result, _, meta = prepared:parse()
  assert(next(result) == nil and meta.request_id == "r-1")
end

return {
  quiet = true,
  run = function()
    local object = core.http1(65536)
    for _, reply in ipairs(replies) do
      assert(#table.concat((object:write(request))) > 4000)
      feed(object, reply)
      local response = object:response()
      assert(response.body == body and response.headers["x-amzn-requestid"] == "r-1")
    end
    exchange(object)
    assert(object:write(request))
    assert(select(2, object:feed "nonsense") == "malformed_response")
  end,
}
