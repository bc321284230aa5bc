--- A runtime that plays back a script: no network, no waiting.
--
-- `script` is a list of answers, one per attempt: a response, or
-- `{ fault = err }`, or a function of request and options that returns
-- either. Its clock moves only by sleeping (and by `spends` seconds per send).
local c_locale = require "cognito.c_locale"

local M = {}

local fake = {}
local fake_mt = { __index = fake }

function fake:send(request, options)
  self.sent[#self.sent + 1] = { request = request, options = options }
  self.time = self.time + self.spends
  local answer = self.script[#self.sent] or self.script[#self.script]
  if type(answer) == "function" then
    answer = answer(request, options)
  end
  if answer.fault then
    return nil, answer.fault
  end
  return answer
end

function fake:sleep(seconds)
  self.slept[#self.slept + 1] = seconds
  self.time = self.time + seconds
end

function fake:now()
  return self.time
end

function fake:count()
  return #self.sent
end

--- The request of the n-th attempt.
function fake:request(n)
  return self.sent[n or #self.sent].request
end

function M.header(request, name)
  for _, pair in ipairs(request.headers) do
    if c_locale.lower(pair[1]) == c_locale.lower(name) then
      return pair[2]
    end
  end
end

function M.new(script)
  return setmetatable({ script = script, sent = {}, slept = {}, time = 1795247391, spends = 0 }, fake_mt)
end

function M.ok(body)
  return { status = 200, headers = { ["x-amzn-requestid"] = "id-ok" }, body = body or "{}" }
end

function M.failure(status, code, message, headers)
  headers = headers or {}
  headers["x-amzn-requestid"] = headers["x-amzn-requestid"] or "id-failure"
  return { status = status, headers = headers, body = ('{"__type":"%s","message":"%s"}'):format(code, message or "") }
end

function M.fault(code, sent)
  return { fault = { code = code, kind = "network", message = code, sent = sent } }
end

return M
