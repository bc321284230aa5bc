--- The lines of examples/openresty/nginx.conf for TLS, as a reader takes them
-- into use: nginx accepts them without a warning, and HTTP/2 in the way that
-- the remark above them has for its version.

local certificates = require("spec.support.certificates").get()
local nginx = require "spec.support.nginx"

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

-- The configuration with its lines for TLS instead of the one without.
local function with_tls(port)
  local text = read "examples/openresty/nginx.conf":gsub("\n *listen 127%.0%.0%.1:8080;", "")
  local blocks
  text, blocks = text:gsub("\n    # listen 443.-\n\n", function(block) return (block:gsub("\n    # ", "\n    ")) end)
  assert.equal(1, blocks)
  local certificate = nginx.path(certificates.good[1]):match "^(.*)%.pem$"
  return (text:gsub("listen 443", "listen 127.0.0.1:" .. port):gsub("/etc/ssl/account%.example%.com", certificate))
end

local function check(text)
  return nginx.check(text, {
    links = { "examples/openresty/lua", "examples/openresty/static" },
    env = { COGNITO_USER_POOL_ID = "eu-west-1_Ab12Cd34E", COGNITO_CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado",
      SITE_ORIGIN = "https://account.example.com", SITE_SECRET = ("x"):rep(32) },
  })
end

describe("the site's lines for TLS", function()
  it("are accepted without a warning", function()
    local good, said = check(with_tls(nginx.free_port()))
    assert.is_true(good, said)
    assert.is_nil(said:find("[warn]", 1, true), said)
  end)

  it("take HTTP/2 in the way of this nginx's version", function()
    local text, way = with_tls(nginx.free_port()), "%1;\n    http2 on;"
    if nginx.version() < 1025001 then way = "%1 http2;" end
    local good, said = check((text:gsub("(listen [%d.:]+ ssl);", way)))
    assert.is_true(good, said)
    assert.is_nil(said:find("[warn]", 1, true), said)
  end)
end)
