--- The sandbox over HTTP, as a process: sockets, bytes and what can be wrong
-- with them.
local cjson = require "cjson"
local native = require "cognito.native"
local sandbox = require "cognito.sandbox"
local process = require "spec.support.sandbox_process"
local programs = require "spec.support.process"
local wire = require "spec.support.sandbox_bytes"

local TARGET = "AWSCognitoIdentityProviderService."

local head, post, read_reply = wire.head, wire.post, wire.read_reply

describe("cognito sandbox", function()
  local box, host

  setup(function()
    box = process.start "--public-client --code 135790"
    host = "127.0.0.1:" .. box.port
  end)

  teardown(function() box:stop() end)

  local function ask(bytes)
    local client = box:connect()
    assert(client:send(bytes))
    local reply = read_reply(client)
    client:close()
    return reply
  end

  local function body_for(name)
    return cjson.encode { ClientId = box.settings.COGNITO_CLIENT_ID,
      Username = name, Password = "Old-pass1word",
      UserAttributes = { { Name = "email", Value = name .. "@x.org" } } }
  end

  it("prints its address and the settings of a client", function()
    local settings = box.settings
    assert.equal("http://" .. host, settings.url)
    assert.equal(settings.url,
      settings.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER)
    assert.equal("eu-west-1", settings.AWS_REGION)
    assert.is_string(settings.AWS_SECRET_ACCESS_KEY)
    assert.is_nil(settings.COGNITO_CLIENT_SECRET)
    assert.matches("stand-in for development", box:printed(), 1, true)
  end)

  it("answers, prints what it would send and keeps it in /outbox", function()
    local reply = ask(post(host, "SignUp", body_for "ada"))
    assert.equal(200, reply.status)
    assert.equal("a***@x***.org",
      cjson.decode(reply.body).CodeDeliveryDetails.Destination)
    assert.matches("# message: CustomMessage_SignUp to ada by EMAIL (ada@x.org):"
      .. " 135790\n", box:printed(), 1, true)
    reply = ask(head { "GET /outbox HTTP/1.1", "Host: " .. host })
    assert.equal("application/json", reply.headers["content-type"])
    assert.equal("135790", cjson.decode(reply.body)[1].code)
  end)

  it("checks a signature made for its address", function()
    local body = cjson.encode {
      UserPoolId = box.settings.COGNITO_USER_POOL_ID, Username = "nobody" }
    local headers = assert(native.sign({ method = "POST",
      url = "http://" .. host .. "/", body = body, headers = {
        { "Content-Type", "application/x-amz-json-1.1" },
        { "X-Amz-Target", TARGET .. "AdminGetUser" } } },
      { region = "eu-west-1", service = "cognito-idp", credentials = {
        access_key_id = box.settings.AWS_ACCESS_KEY_ID,
        secret_access_key = box.settings.AWS_SECRET_ACCESS_KEY } }))
    local lines = { "POST / HTTP/1.1", "Host: " .. host,
      "Content-Length: " .. #body }
    for _, pair in ipairs(headers) do
      lines[#lines + 1] = pair[1] .. ": " .. pair[2]
    end
    local reply = ask(head(lines) .. body)
    assert.equal("UserNotFoundException:",
      reply.headers["x-amzn-errortype"])
    lines[#lines] = nil
    reply = ask(head(lines) .. body)
    assert.equal("MissingAuthenticationTokenException:",
      reply.headers["x-amzn-errortype"])
  end)

  it("keeps a connection for several requests, even sent at once", function()
    local client = box:connect()
    local get = head { "GET / HTTP/1.1", "Host: " .. host }
    for _ = 1, 3 do
      assert(client:send(get))
      assert.equal("keep-alive", read_reply(client).headers.connection)
    end
    assert(client:send(get .. get .. post(host, "ForgotPassword", "{}")))
    assert.equal(200, read_reply(client).status)
    assert.equal(200, read_reply(client).status)
    assert.equal(400, read_reply(client).status)
    assert(client:send(head { "GET / HTTP/1.1", "Host: " .. host,
      "Connection: close" }))
    assert.equal("close", read_reply(client).headers.connection)
    assert.equal("closed", select(2, client:receive(1)))
    client:close()
  end)

  it("closes after HTTP/1.0", function()
    local reply = ask(head { "GET / HTTP/1.0", "Host: " .. host })
    assert.equal("close", reply.headers.connection)
    reply = ask(head { "GET / HTTP/1.0", "Host: " .. host,
      "Connection: keep-alive" })
    assert.equal("keep-alive", reply.headers.connection)
  end)

  it("sends no control character of a request to the terminal", function()
    local body = ('{"ClientId":"%s","Username":"eve","Password":"Old-pass1",'
      .. '"UserAttributes":[{"Name":"email","Value":"\\u001b[2J@x.org"}]}')
      :format(box.settings.COGNITO_CLIENT_ID)
    assert.equal(200, ask(post(host, "SignUp", body)).status)
    assert.matches("to eve by EMAIL (?[2J@x.org)", box:printed(), 1, true)
  end)

  it("serves several connections, a slow one among them", function()
    local bytes = post(host, "ForgotPassword", "{}")
    local slow = box:connect()
    assert(slow:send(bytes:sub(1, 40)))
    local other = box:connect()
    assert(other:send(bytes))
    assert.equal(400, read_reply(other).status)
    assert(slow:send(bytes:sub(41)))
    assert.equal(400, read_reply(slow).status)
    slow:close()
    other:close()
  end)

  it("serves loopback names only", function()
    local function status(name, path)
      return ask(head { "GET " .. (path or "/outbox") .. " HTTP/1.1",
        "Host: " .. name }).status
    end
    for _, name in ipairs { "127.0.0.1", "localhost:1", "LOCALHOST",
      "[::1]:80", "127.1.2.3" } do
      assert.equal(200, status(name))
    end
    for _, name in ipairs { "evil.example", "127.0.0.1.evil.example",
      "localhost.evil.example:80", "", "10.0.0.1" } do
      assert.equal(403, status(name))
    end
    assert.equal(403, ask(post("evil.example", "SignUp", "{}")).status)
    assert.equal(404, status(host, "/other"))
  end)

  it("refuses requests that it cannot read, and continues", function()
    local long = ("x"):rep(20000)
    local wrong = {
      [400] = { "\22\3\1\2\0\1\0\1\252\3\3\r\n\r\n", "nonsense\r\n\r\n",
        head { "GET / HTTP/1.1", "Host: a", "Host: b" },
        head { "GET / HTTP/1.1", "No colon" },
        head { "GET / HTTP/1.1", "Folded: a", " b" },
        head { "GET / HTTP/1.1", "Nul: \0" },
        head { "GET http://x/ HTTP/1.1", "Host: x" },
        head { "POST / HTTP/1.1", "Content-Length: -1" },
        head { "POST / HTTP/1.1", "Content-Length: 1",
          "Content-Length: 2" } },
      [413] = { head { "POST / HTTP/1.1", "Content-Length: 1048577" },
        head { "POST / HTTP/1.1", "Content-Length: " .. ("9"):rep(400) } },
      [431] = { head { "GET / HTTP/1.1", "Host: " .. long }, long },
      [501] = { head { "POST / HTTP/1.1", "Transfer-Encoding: chunked" } },
    }
    for status, texts in pairs(wrong) do
      for _, text in ipairs(texts) do
        local reply = ask(text)
        assert.equal(status, reply.status)
        assert.equal("close", reply.headers.connection)
      end
    end
    local gone = box:connect()
    gone:close()
    assert.equal(200,
      ask(head { "GET / HTTP/1.1", "Host: " .. host }).status)
  end)
end)

describe("the sandbox's command line", function()
  local function run(arguments)
    return (programs.output_of(("%s bin/cognito %s 2>&1"):format(programs.quote(programs.interpreter()), arguments)))
  end

  it("says what it is", function()
    assert.equal("cognito " .. require "cognito.version" .. "\n",
      run "--version")
    assert.matches("sandbox +Serve a local user pool", run "--help")
    assert.matches("--exit-with-stdin", run "sandbox --help", 1, true)
  end)

  it("listens on loopback only", function()
    for _, host in ipairs { "0.0.0.0", "::", "example.com", "10.0.0.1" } do
      assert.matches("listens on loopback only", run("sandbox --port 0 --host "
        .. host), 1, true)
    end
  end)

  it("names an option that is wrong", function()
    assert.matches("user_pool_id must be a user pool id",
      run "sandbox --port 0 --user-pool-id x", 1, true)
  end)
end)

-- In this process, so that the test can look inside.
describe("the sandbox's HTTP face", function()
  local box, face, client

  before_each(function()
    box = sandbox.new { client_secret = false }
    face = wire.open(box)
    client = face:connect()
  end)

  after_each(function()
    client:close()
    face:close()
  end)

  it("takes no more connections than select can watch", function()
    local clients = {}
    for i = 1, 201 do
      clients[i] = face:connect()
      face.server:step(1)
    end
    face.server:step(1) -- the connection every test has was the first
    assert.equal(200, #face.server.connections)
    clients[201]:settimeout(10)
    assert.same({ nil, "closed", "" }, { clients[201]:receive(1) })
    for _, each in ipairs(clients) do each:close() end
  end)

  it("hangs up on the connection that has been idle for longest when it is full", function()
    client:settimeout(10)
    client:send(post("127.0.0.1", "ForgotPassword", "{}"))
    assert.is_true(face:serve(client))
    read_reply(client)
    local clients = {}
    for i = 1, 200 do
      clients[i] = face:connect()
      face.server:step(1)
    end
    assert.same({ nil, "closed", "" }, { client:receive(1) })
    assert.equal(200, #face.server.connections)
    for _, each in ipairs(clients) do each:close() end
  end)

  it("keeps no silent connection for ever", function()
    face.server.max_idle = 0.2
    client:send "GET / HTTP/1.1\r\nHo"
    assert.is_true(face:serve(client))
    assert.same({ nil, "closed", "" }, { client:receive(1) })
    assert.equal(0, #face.server.connections)
  end)

  it("answers a bug of its own with 500 and a report", function()
    local reported
    face.server.report = function(line) reported = line end
    box.handle = function() error("oops") end
    client:send(post("127.0.0.1", "ForgotPassword", "{}"))
    assert.is_true(face:serve(client))
    client:settimeout(10)
    assert.equal(500, read_reply(client).status)
    assert.matches("bug: .*oops", reported)
  end)
end)
