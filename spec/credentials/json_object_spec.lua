-- Objects of files that other programs write as well: members are read and
-- replaced, and the rest stays as it was.

local json_object = require "cognito.credentials.json_object"

describe("a JSON object of another program's", function()
  it("gives the members that are asked for", function()
    local read = json_object.read('\239\187\191 { "a" : "x\\u0041\\"" ,"b":{"c":[1]}, "d":7,"a\\u0062":"n","e":null,'
      .. '"f":false} \n')
    assert.equal('xA"', read:get "a")
    assert.equal(7, read:get "d")
    assert.equal("n", read:get "ab")
    assert.is_nil(read:get "gone")
    assert.same({ 1 }, read:inner "b":get "c")
    assert.is_nil(read:inner "a")
    assert.is_nil(read:inner "gone")
  end)

  it("of a name that stands twice gives the last, and replaces both", function()
    local read = json_object.read '{"a":"1","a":"2"}'
    assert.equal("2", read:get "a")
    assert.equal('{"a":"3","a":"3"}', read:with { a = "3" }.text)
  end)

  it("keeps the members that it does not replace, byte for byte", function()
    local deep = ("["):rep(5000) .. '{"]":"}\\""}' .. ("]"):rep(5000)
    for _, kept in ipairs { "1e999", "-1E-999", "12345678901234567890", "0.10", "[]", "{}", "[ ]", "null", "NaN", deep,
      '"\\u00e9\\/"', '"\255"', '{"a":1,"a":2}' } do
      local text = '{\n  "kept" : ' .. kept .. ' ,\t"a":"old"\n}\n'
      assert.equal((text:gsub("old", "new")), json_object.read(text):with { a = "new" }.text)
      assert.equal('{"b":' .. kept .. ', "a": "new"}', json_object.read('{"b":' .. kept .. "}"):with { a = "new" }.text)
    end
  end)

  it("takes members that it had not, and objects for values", function()
    assert.equal('{"a": "1", "b": "2"}', json_object.read "{}":with { b = "2", a = "1" }.text)
    assert.equal('{"x":1, "a": { }}', json_object.read '{"x":1}':with { a = json_object.read "{ }" }.text)
    assert.equal('{ "b": "2"}', json_object.read "{ }":with { b = "2" }.text)
  end)

  for _, text in ipairs { "", " ", "[]", '"x"', "null", "{", "}", "{}x", "{}{}", '{"a"}', '{"a":}', '{"a":1',
    '{"a":1,}', "{,}", '{"a":1 "b":2}', '{a:1}', '{"a":[}', '{"a":[1}}', '{"a":"x}', '{"a":"\\"}', '{"\\x":1}',
    '{"a":1,,"b":2}', '{1:2}' } do
    it("is not " .. text, function() assert.is_nil(json_object.read(text)) end)
  end
end)
