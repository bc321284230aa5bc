--- The sandbox's JSON: as strict as RFC 8259 and as the service.
local json = require "cognito.sandbox.json"

describe("the sandbox's JSON", function()
  it("tells empty lists from empty objects", function()
    assert.equal("list", json.type(json.decode "[]"))
    assert.equal("object", json.type(json.decode "{}"))
    assert.equal("[]", json.encode(json.list {}))
    assert.equal("{}", json.encode {})
  end)

  it("writes numbers exactly, and members in order", function()
    assert.equal('{"a":1700000000,"b":1700000000.25,"c":[true,"x"],"d":60}',
      json.encode { d = 60.0, a = 1700000000, b = 1700000000.25,
        c = json.list { true, "x" } })
    assert.error_matches(function() json.encode(0 / 0) end, "no such number")
  end)

  it("reads back what it writes", function()
    local text = 'q" \\ / \n \r \t \1 \127 ä 你 \240\159\152\128'
    assert.equal(text, json.decode(json.encode(text)))
  end)

  it("reads escapes", function()
    assert.equal("\"\\/\b\f\n\r\tA\195\164\228\189\160\240\159\152\128",
      json.decode [["\"\\\/\b\f\n\r\tA\u00e4\u4F60\ud83d\ude00"]])
  end)

  it("reads numbers", function()
    for text, value in pairs { ["0"] = 0, ["-0"] = 0, ["12"] = 12,
      ["-1.5"] = -1.5, ["1e2"] = 100, ["1E-2"] = 0.01, ["2.5e+1"] = 25 } do
      assert.equal(value, json.decode(text))
    end
  end)

  it("drops null members and keeps null elements", function()
    assert.same({}, json.decode '{"a":null}')
    assert.equal("null", json.type(json.decode "[null]"[1]))
  end)

  it("refuses text that is not JSON, without repeating it", function()
    for _, text in ipairs { "", " ", "{", "[1,]", "[1 2]", '{"a"}', '{"a":}',
      '{"a":1,}', "{a:1}", "01", "+1", ".5", "1.", "0x1", "nan", "nul",
      "truefalse", '"', '"\\', '"\\x"', '"\\u12"', '"\\ud800"', '"\\udc00"',
      '"\\ud800\\u0041"', '"\n"', "1 1", "[" .. ("["):rep(100),
      "1e309", "-1e309", "[1e999]", ("9"):rep(400), '"\128"', '"\192\128"', '"\237\160\128"', '"\244\144\128\128"' } do
      local value, problem = json.decode(text)
      assert.is_nil(value, text)
      assert.is_string(problem)
    end
    local _, problem = json.decode '{"Password":"hunter2",}'
    assert.is_nil(problem:find("hunter2", 1, true))
  end)
end)
