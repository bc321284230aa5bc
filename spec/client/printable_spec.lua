--- Nothing that a terminal obeys, and nothing that reorders a line, is printed
-- by anything of ours. Once errors let bidirectional controls and stray bytes
-- through that the command did not.
local cjson = require "cjson"
local errors = require "cognito.errors"
local json = require "cognito.cli.json"
local public_answer = require("cognito.recovery").public_answer
local printable = require "cognito.printable"
local sandbox_process = require "spec.support.sandbox_process"
local text = require "cognito.cli.text"
local utf8 = require "cognito.sandbox.utf8"

local ranges = {
  ["C0"] = { 0x00, 0x1F }, ["DEL and C1"] = { 0x7F, 0x9F }, ["the Arabic letter mark"] = { 0x61C, 0x61C },
  ["directional marks"] = { 0x200E, 0x200F }, ["line separators"] = { 0x2028, 0x2029 },
  ["embeddings and overrides"] = { 0x202A, 0x202E }, ["isolates"] = { 0x2066, 0x2069 },
}

-- Each prints a text from elsewhere.
local faces = {
  ["tostring of an error's message"] = function(bad) return tostring(errors.new { code = "X", message = bad }) end,
  ["tostring of an error's code"] = function(bad) return tostring(errors.new { code = bad }) end,
  ["tostring of an error's id"] = function(bad) return tostring(errors.new { code = "X", request_id = bad }) end,
  ["the log line of public_answer"] = function(bad)
    return tostring(public_answer(nil, errors.new { code = bad, kind = "service", operation = "forgot_password" }).log)
  end,
  ["the command's text"] = text.clean,
  ["the command's JSON"] = function(bad) return json.line { value = bad } end,
  ["the message of a fault in nginx"] = function(bad)
    return require("cognito.runtime.nginx.errors").new({ code = "tls", words = bad }).message
  end,
}

local function points()
  local list = {}
  for _, range in pairs(ranges) do
    for point = range[1], range[2] do list[#list + 1] = utf8.char(point) end
  end
  return list
end

local function holds(shown, bad)
  return shown:find(bad, 1, true) ~= nil
end

describe("printed text", function()
  for face, show in pairs(faces) do
    it("holds no controls, of lines or of their order: " .. face, function()
      for _, bad in ipairs(points()) do
        local shown = show("a" .. bad .. "b")
        assert.is_false(holds(shown, bad), ("%q"):format(bad))
        assert.truthy(shown:find("a", 1, true))
      end
    end)

    it("holds no bytes that are not UTF-8: " .. face, function()
      for byte = 0x80, 0xFF do
        local bad = string.char(byte)
        local shown = show("a" .. bad .. "b")
        assert.is_false(holds(shown, "a" .. bad .. "b"), byte)
      end
    end)
  end

  it("is the same for errors and for the command", function()
    for _, bad in ipairs(points()) do
      assert.equal("X: " .. text.clean("é" .. bad .. "山"),
        tostring(errors.new { code = "X", message = "é" .. bad .. "山" }))
    end
  end)

  it("keeps every other text as it is", function()
    for _, plain in ipairs { "", "ada", "Zoë Müller", "山田", "😀", "שלום", "مرحبا" } do
      assert.equal(plain, printable.clean(plain))
      assert.equal(plain, cjson.decode(json.line { value = plain }).value)
    end
  end)

  it("comes back from JSON as it was", function()
    for _, bad in ipairs(points()) do
      assert.equal(bad, cjson.decode(json.line { value = bad }).value)
    end
    assert.equal("\243\160\128\129", cjson.decode(json.line { value = "\243\160\128\129" }).value)
  end)

  it("holds none of them in the sandbox's lines", function()
    local box = sandbox_process.start "--public-client --code 135790"
    finally(function() box:stop() end)
    local http = require("cognito.core").http()
    local name = "a\194\155b\226\128\174c"
    assert.equal(200, http:send({ method = "POST", url = box.settings.url .. "/", body = cjson.encode {
      ClientId = box.settings.COGNITO_CLIENT_ID, Username = name, Password = "Old-pass1word",
      UserAttributes = { { Name = "email", Value = "a@x.org" } } }, headers = {
        { "Content-Type", "application/x-amz-json-1.1" },
        { "X-Amz-Target", "AWSCognitoIdentityProviderService.SignUp" } } }).status)
    http:close()
    assert.truthy(box:printed():find("to a?b?c by EMAIL", 1, true))
  end)
end)
