--- Replies of any form to any operation.
--
-- An input: the operation, the status, header lines up to an empty one, the body.

local check = require "spec.fuzz.support.check"
local core = require "cognito.core"
local readers = require "spec.fuzz.support.reader"

local operations = core.operations()
local statuses = { 200, 400, 500, 429, 503, 413, 204, 302, 100, 599 }

local function read_headers(reader)
  local headers = {}
  for line in reader.line, reader do
    if line == "" then return headers end
    local name, value = line:match "^([^:]*):(.*)$"
    headers[name or line] = value or ""
  end
end

local scalars = { string = true, number = true, boolean = true }

-- Only documents have nulls, and no table of a reply leads back to itself.
local function check_value(value, depth)
  assert(depth < 200, "deeper than any reply")
  if type(value) == "table" then
    for key, inner in pairs(value) do
      assert(scalars[type(key)], "an odd key")
      check_value(inner, depth + 1)
    end
  else
    assert(scalars[type(value)] or value == core.null, "an odd value")
  end
end

local function check_meta(meta, response)
  assert(meta.status == response.status, "another status")
  assert(meta.request_id == nil or type(meta.request_id) == "string", "no request id")
end

return function(bytes)
  local reader = readers.new(bytes)
  local operation, status = reader:one(operations), reader:one(statuses)
  local response = { status = status, headers = read_headers(reader), body = reader:rest() }
  local result, err, meta = core.parse(operation, response)
  check_meta(meta, response)
  if result then
    assert(err == nil and status < 300)
    check_value(result, 0)
  else
    check.is_error(err)
    assert(err.operation == operation and err.status == status)
  end
  local again, err_again = core.parse(operation, response)
  assert(check.same(again, result) and check.same(err_again, err), "read differently the second time")
end
