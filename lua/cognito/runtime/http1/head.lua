--- The head of an HTTP/1.1 reply (RFC 9112, sections 4 and 5). What leaves open
-- where the reply ends is refused.
-- @module cognito.runtime.http1.head

local c_locale = require "cognito.c_locale"
local native = require "cognito.native"

local M = {}

local LARGEST = 65536 -- bytes
local MOST_LINES = 256 -- joining repeated headers takes time squared

local endless = { code = "too_large", words = "its head does not end" }

local function malformed(words)
  return nil, { code = "malformed_response", words = words }
end

--- Reads lines up to an empty one: a head, or trailers.
-- @tparam table reader see `cognito.runtime.http1.reader`
-- @treturn[1] {string,...}
-- @treturn[2] nil
-- @treturn[2] table fault
function M.lines(reader)
  local lines, left = {}, LARGEST
  while true do
    local line, fault = reader:line(left, endless)
    if not line then
      return nil, fault
    elseif line == "" then
      return lines
    elseif #lines == MOST_LINES then
      return nil, endless
    end
    left = left - #line
    lines[#lines + 1] = line
  end
end

-- Returns the status, and whether this version keeps connections by itself.
local function read_status(line)
  local minor, status, rest = line:match "^HTTP/1%.([01]) ([1-5]%d%d)(.?)"
  if not minor or (rest ~= "" and rest ~= " ") or line:find "[%z\r]" then
    return nil
  end
  return tonumber(status), minor == "1"
end

-- Header names in lower case, or false for what is none. Servers have a few
-- dozen; of what a hostile one makes up not much is kept.
local MOST_NAMES, LONGEST_NAME = 1000, 64
local lower_names, name_count = {}, 0

local function lower_name(name)
  local lower = lower_names[name]
  if lower == nil then
    lower = native.is_token(name) and c_locale.lower(name)
    if name_count < MOST_NAMES and #name <= LONGEST_NAME then
      lower_names[name], name_count = lower, name_count + 1
    end
  end
  return lower
end

local function is_blank(byte)
  return byte == 32 or byte == 9
end

-- Without blanks around it, from a position on.
local function trim(line, from)
  local to = #line
  while is_blank(line:byte(from)) do
    from = from + 1
  end
  while to >= from and is_blank(line:byte(to)) do
    to = to - 1
  end
  return line:sub(from, to)
end

-- Names and values, in order. A line that begins with a blank goes on where
-- the last one ended (RFC 9112, section 5.2).
local function read_fields(lines)
  local names, values = {}, {}
  for i = 2, #lines do
    local line, n = lines[i], #names
    local colon = line:find(":", 1, true)
    local name = colon and lower_name(line:sub(1, colon - 1))
    if line:find("\0", 1, true) or line:find("\r", 1, true) then
      return malformed "a header holds a NUL or a line break"
    elseif name then
      names[n + 1], values[n + 1] = name, trim(line, colon + 1)
    elseif is_blank(line:byte(1)) and n > 0 then
      values[n] = values[n] .. " " .. trim(line, 1)
    else
      return malformed "a header line is not name: value"
    end
  end
  return names, values
end

-- Two lengths, or one that is no number, leave open where the reply ends
-- (RFC 9112, section 6.3).
local function read_length(head, value)
  local length = value:find "^%d+$" and tonumber(value)
  if not length then
    return malformed "its Content-Length is not a number"
  elseif head.length and head.length ~= length then
    return malformed "it has two values for Content-Length"
  end
  head.length = length
  return true
end

local function read_coding(head, value)
  if head.chunked or c_locale.lower(value) ~= "chunked" then
    return malformed "its Transfer-Encoding is not chunked"
  end
  head.chunked = true
  return true
end

local function read_connection(head, value)
  if (" " .. c_locale.lower(value) .. " "):find "[, \t]close[, \t]" then
    head.closes = true
  end
  return true
end

local framing = {
  ["content-length"] = read_length, ["transfer-encoding"] = read_coding, connection = read_connection,
}

local function interpret(head, names, values, all_headers)
  local headers = head.headers
  for i, name in ipairs(names) do
    local value = values[i]
    if framing[name] then
      local good, fault = framing[name](head, value)
      if not good then
        return nil, fault
      end
    end
    if all_headers or native.reply_headers[name] then
      headers[name] = headers[name] and headers[name] .. ", " .. value or value
    end
  end
  return head
end

local function read_head(reader, all_headers)
  local beginning, fault = reader:peek(5)
  if not beginning then
    return nil, fault
  elseif beginning ~= "HTTP/" then -- the end of the line may never come
    return malformed "it does not begin as HTTP does"
  end
  local lines
  lines, fault = M.lines(reader)
  if not lines then
    return nil, fault
  end
  local status, persistent = read_status(lines[1])
  if not status then
    return malformed "its status line is not one of HTTP/1.1"
  end
  local names, values = read_fields(lines)
  if not names then
    return nil, values
  end
  return interpret({ status = status, headers = {}, closes = not persistent }, names, values, all_headers)
end

--- Reads the head of a reply; interim ones before it are passed over.
-- @tparam table reader
-- @tparam[opt] boolean all_headers not only those that the client reads
-- @treturn[1] table head: `status`, `headers`; `length` and `chunked`, where it
--   says so; `closes`, when the connection ends after it
-- @treturn[2] nil
-- @treturn[2] table fault
function M.read(reader, all_headers)
  while true do
    local head, fault = read_head(reader, all_headers)
    if not head or head.status >= 200 then
      return head, fault
    elseif head.status == 101 then
      return malformed "it changes the protocol, which was not requested"
    end
  end
end

return M
