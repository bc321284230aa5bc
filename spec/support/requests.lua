--- Requests to a server of the specs, as tables for `http:send`.

local assert = require "luassert"
local M = {}

--- Makers of requests to a server that is started later.
-- @tparam function server_of returns the server, which has a method `url`
-- @treturn function get(path)
-- @treturn function post(path, body, headers)
function M.to(server_of)
  local function get(path)
    return { method = "GET", url = server_of():url(path) }
  end
  local function post(path, body, headers)
    return { method = "POST", url = server_of():url(path), headers = headers or {}, body = body or "{}" }
  end
  return get, post
end

--- Makes a request that has to fail.
-- @param http http object
-- @tparam table request
-- @tparam[opt] table options
-- @treturn table error
function M.fault(http, request, options)
  local response, err = http:send(request, options)
  assert.is_nil(response)
  return err
end

return M
