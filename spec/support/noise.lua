--- Bytes that no honest client would send: bytes without sense, and requests that
-- have been damaged. The same seed makes the same noise on every Lua.

local M = {}

--- The kinds there are: methods of what `new` makes, each without arguments.
M.kinds = { "garbage", "damaged_head", "damaged_call", "damaged_order", "odd_order" }

local Noise = {}
Noise.__index = Noise

local MODULUS = 2147483647 -- of Park and Miller: products stay below 2^53

--- A whole number from 1 to n.
function Noise:upto(n)
  self.state = self.state * 48271 % MODULUS
  return self.state % n + 1
end

--- One of a list.
function Noise:one(list)
  return list[self:upto(#list)]
end

local favourites = {
  "\n", "\r", "\r\n", "\r\n\r\n", "\n\n", " ", "\t", ":", "\0", "\127", "\255", "\194\155", "HTTP/1.1", "GET ", "POST ",
  "/", "Host: 127.0.0.1\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "0", "-1", "1e308", "{", "}",
  "[", "]", '"', "\\u0000", "\\ud800", "null", "true", "%s", "%", "x-amz-target: ",
}

--- Some bytes, half of them those that parsers look for.
function Noise:garbage()
  local parts = {}
  for i = 1, self:upto(60) do
    parts[i] = self:upto(2) == 1 and self:one(favourites) or string.char(self:upto(256) - 1)
  end
  return table.concat(parts) .. (self:upto(2) == 1 and "\r\n\r\n" or "")
end

local changes = {
  function(self, text, at) return text:sub(1, at - 1) .. self:one(favourites) .. text:sub(at) end,
  function(_, text, at) return text:sub(1, at - 1) .. text:sub(at + 1) end,
  function(self, text, at) return text:sub(1, at - 1) .. string.char(self:upto(256) - 1) .. text:sub(at + 1) end,
  function(_, text, at) return text:sub(1, at) end,
  function(self, text, at) return text:sub(1, at) .. text:sub(self:upto(#text + 1)) end,
}

--- A text with up to five faults.
function Noise:damage(text)
  for _ = 1, self:upto(5) do
    text = self:one(changes)(self, text, self:upto(math.max(#text, 1)))
  end
  return text
end

local function message(lines, body)
  lines[#lines + 1] = "Content-Length: " .. #body
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. body
end

local function order_of(path, body)
  return message({ "POST " .. path .. " HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json" }, body)
end

--- A request for a page, damaged.
function Noise:damaged_head()
  return self:damage(message({ "GET " .. self:one { "/", "/outbox", "/executions" } .. " HTTP/1.1", "Host: 127.0.0.1",
    "Accept: */*", "Connection: keep-alive" }, ""))
end

local calls = {
  { "SignUp", '{"ClientId":"sandboxclient0123456789abc","Username":"eve","Password":"Pass-word1",'
    .. '"UserAttributes":[{"Name":"email","Value":"e@x.org"}]}' },
  { "ForgotPassword", '{"ClientId":"sandboxclient0123456789abc","Username":"ada"}' },
  { "ConfirmForgotPassword", '{"ClientId":"sandboxclient0123456789abc","Username":"ada","ConfirmationCode":"1",'
    .. '"Password":"Pass-word1","ClientMetadata":{"a":"b"}}' },
  { "InitiateAuth", '{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"sandboxclient0123456789abc",'
    .. '"AuthParameters":{"USERNAME":"ada","PASSWORD":"x"}}' },
  { "ListUsers", '{"UserPoolId":"eu-west-1_Sandbox01","Filter":"email ^= \\"a\\"","Limit":3}' },
}

--- A call of the pool with a damaged body under an honest head.
function Noise:damaged_call()
  local call = self:one(calls)
  return message({ "POST / HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/x-amz-json-1.1",
    "X-Amz-Target: AWSCognitoIdentityProviderService." .. call[1] }, self:damage(call[2]))
end

local orders = {
  { "/misbehave", '{"what":"delay","seconds":0.001,"times":2,"phase":"before","operation":"sign_up","chance":0.5}' },
  { "/misbehave", '{"what":"error","code":"InternalErrorException","status":400,"message":"m"}' },
  { "/misbehave", '{"what":"drop","cut":5,"phase":"after"}' },
  { "/users", '{"username":"bea","email":"b@example.com","password":"Pass-word1","status":"CONFIRMED"}' },
  { "/advance", '{"seconds":60}' },
  { "/behave", "{}" },
}

--- An order to the box with a damaged body under an honest head.
function Noise:damaged_order()
  local order = self:one(orders)
  return order_of(order[1], self:damage(order[2]))
end

local odd = {
  "0", "-1", "1e308", "-1e308", "1e-320", "9007199254740993", "0.5", "true", "false", "null", '""', '"x"', "[]", "{}",
  "[1,2]", '{"a":{"b":[]}}', '"\\u0000"', '"\\ud83d\\ude00"', '"\\r\\nX: y"', "9999999999999999999999",
}

-- The members of an order, as patterns of what follows their names.
local MEMBER = '("%w+":)("?[%w@._-]+"?)'

--- An order with odd values in well-formed JSON, then a call that meets it.
function Noise:odd_order()
  local order = self:one(orders)
  local body = order[2]:gsub(MEMBER, function(name, value)
    if name ~= '"what":' and self:upto(2) == 1 then return name .. self:one(odd) end
    return name .. value
  end)
  local call = self:one(calls)
  return order_of(order[1], body) .. message({ "POST / HTTP/1.1", "Host: 127.0.0.1",
    "Content-Type: application/x-amz-json-1.1", "X-Amz-Target: AWSCognitoIdentityProviderService." .. call[1] },
    call[2])
end

--- Makes a source of noise.
-- @tparam integer seed
-- @treturn table with a method for each kind
function M.new(seed)
  local self = setmetatable({ state = seed * 7919 % MODULUS }, Noise)
  for _ = 1, 10 do self:upto(2) end
  return self
end

return M
