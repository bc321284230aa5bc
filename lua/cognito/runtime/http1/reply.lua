--- Reads HTTP/1.1 replies (RFC 9112) from whatever gives bytes, and believes
-- none of them: everything is bounded.
-- @module cognito.runtime.http1.reply

local heads = require "cognito.runtime.http1.head"
local readers = require "cognito.runtime.http1.reader"

local M = {}

local LONGEST_SIZE_LINE = 4096 -- bytes, a chunk's extensions among them

local endless_size = { code = "malformed_response", words = "a chunk's size does not end" }
local wrong_size = { code = "malformed_response", words = "a chunk's size is not a number" }
local longer_chunk = { code = "malformed_response", words = "a chunk is longer than its size" }

local function read_counted(reader, length, pieces)
  if length > reader:bound() then
    return nil, readers.too_large
  end
  return reader:bytes(length, pieces)
end

local function read_size(reader)
  local line, fault = reader:line(LONGEST_SIZE_LINE, endless_size)
  if not line then
    return nil, fault
  end
  local digits, rest = line:match "^(%x+)[ \t]*(.?)"
  if not digits or #digits > 16 or (rest ~= "" and rest ~= ";") then
    return nil, wrong_size
  end
  digits = digits:gsub("^0+", "")
  if #digits > 13 then -- which no float holds exactly, and no memory
    return nil, readers.too_large
  end
  return tonumber(digits, 16) or 0
end

local function read_chunk(reader, size, pieces)
  local good, fault = read_counted(reader, size, pieces)
  if not good then
    return nil, fault
  end
  local rest
  rest, fault = reader:line(1, longer_chunk)
  if rest and rest ~= "" then
    return nil, longer_chunk
  end
  return rest, fault
end

local function read_chunks(reader, pieces)
  while true do
    local size, fault = read_size(reader)
    if not size then
      return nil, fault
    elseif size == 0 then
      return heads.lines(reader) -- trailers, which are not used
    end
    local good
    good, fault = read_chunk(reader, size, pieces)
    if not good then
      return nil, fault
    end
  end
end

-- RFC 9112, section 6.3.
local function read_pieces(reader, head, pieces)
  if head.chunked then
    return read_chunks(reader, pieces)
  elseif head.length then
    return read_counted(reader, head.length, pieces)
  end
  head.closes = true
  return reader:rest(pieces)
end

local function read_body(reader, head, method)
  if method == "HEAD" or head.status == 204 or head.status == 304 then
    return ""
  end
  local pieces = {}
  local good, fault = read_pieces(reader, head, pieces)
  return good and table.concat(pieces), fault
end

--- Reads one reply.
-- @tparam table source of bytes, see `cognito.runtime.http1.reader`
-- @tparam table options `method` of the request, `max_response` in bytes of
--   all that is received, `all_headers`: not only those that the client reads
-- @treturn[1] table response `{ status, headers, body }`
-- @treturn[1] boolean whether the connection can carry another request: the
--   reply is complete, nothing came after it, and neither side closes it
-- @treturn[2] nil
-- @treturn[2] table fault `{ code, words }`
function M.read(source, options)
  local reader = readers.new(source, options.max_response)
  local head, fault = heads.read(reader, options.all_headers)
  if not head then
    return nil, fault
  end
  local body
  body, fault = read_body(reader, head, options.method)
  if not body then
    return nil, fault
  end
  local reusable = not head.closes and not (head.chunked and head.length) and reader:waiting() == 0
  return { status = head.status, headers = head.headers, body = body }, reusable
end

return M
