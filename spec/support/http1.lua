--- HTTP/1.1 without a network: the reader and writer of the C core, with
-- sources in place of sockets.
--
-- A source is a table with a function `more`, which returns the next bytes, or
-- nil and a fault, `{ code, words }`; that one says `ended = true` where the
-- other side closed in an orderly way.

local core = require "cognito.core"

local M = {}

--- The bytes of a request.
-- @tparam table request its URL may be left out
-- @tparam[opt] boolean closes
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string what is wrong
function M.write(request, closes)
  request.url = request.url or "https://h.example/"
  local bytes, words = core.http1(0):write(request, closes)
  return bytes and table.concat(bytes), words
end

--- Reads one reply.
-- @tparam table source
-- @tparam table options `method` of the request, `max_response`, `all_headers`
-- @treturn[1] table response
-- @treturn[1] boolean whether the connection can carry another exchange
-- @treturn[2] nil
-- @treturn[2] table fault
function M.read(source, options)
  local http1 = core.http1(options.max_response)
  assert(http1:write { method = options.method, url = "https://h.example/" })
  local done, code, words
  repeat
    local bytes, fault = source.more()
    if bytes then
      done, code, words = http1:feed(bytes)
    else
      done = http1:finish(fault.ended)
      if not done then return nil, fault end
    end
  until done ~= false
  if not done then return nil, { code = code, words = words } end
  local keeps = http1:keeps()
  return http1:response(options.all_headers), keeps
end

return M
