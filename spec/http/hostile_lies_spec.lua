--- Replies that contradict themselves, or are not HTTP: each row names the code,
-- and the connection is not used again.
local hostile = require "spec.support.hostile_scene"

local scene = hostile.scene { describe = describe, before_each = before_each, after_each = after_each }
local CHUNKED, OK, LONG = hostile.CHUNKED, hostile.OK, hostile.LONG
local assert_fault, says = hostile.assert_fault, hostile.says

scene:describe_ways("a reply that is no HTTP is reported", function()
  local function told(name, code, text)
    it(name, function()
      assert_fault(code, true, scene:play(says(text, "close"), LONG))
      scene:assert_usable()
    end)
  end

  local function length(name, code, value)
    told("Content-Length " .. name, code, OK .. "Content-Length: " .. value .. "\r\n\r\n{}")
  end

  length("too long", "connection_lost", "9")
  length("negative", "malformed_response", "-2")
  length("signed", "malformed_response", "+2")
  length("empty", "malformed_response", "")
  length("with a unit", "malformed_response", "2 bytes")
  length("as a list", "malformed_response", "2, 2")
  length("twice, growing", "malformed_response", "2\r\nContent-Length: 4")
  length("twice, shrinking", "malformed_response", "4\r\ncontent-length: 2")
  length("folded", "malformed_response", "2\r\n 2") -- 22, 2, or 2 2
  length("beyond max_response", "too_large", "1073741824")
  length("beyond 64 bits", "too_large", "99999999999999999999999")

  local function chunks(name, code, text)
    told("chunk " .. name, code, CHUNKED .. text)
  end

  chunks("size missing", "malformed_response", "\r\n{}\r\n0\r\n\r\n")
  chunks("size no number", "malformed_response", "zz\r\n{}\r\n0\r\n\r\n")
  chunks("size negative", "malformed_response", "-2\r\n{}\r\n0\r\n\r\n")
  chunks("size in C's notation", "malformed_response", "0x2\r\n{}\r\n0\r\n\r\n")
  chunks("size of 64 bits", "too_large", "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")
  chunks("size of 63 bits", "too_large", "7FFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")
  chunks("size of 68 bits", "malformed_response", "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")
  chunks("longer than its size", "malformed_response", "2\r\n{}}\r\n0\r\n\r\n")
  chunks("without a line break", "malformed_response", "2\r\n{}0\r\n\r\n")

  local function line(name, text)
    told(name, "malformed_response", text .. "\r\nContent-Length: 2\r\n\r\n{}")
  end

  line("a web page without a head (HTTP/0.9)", "<html></html>")
  line("status without digits", "HTTP/1.1 abc")
  line("status of two digits", "HTTP/1.1 99 X")
  line("status of four digits", "HTTP/1.1 2000 X")
  line("status zero", "HTTP/1.1 000 X")
  line("status negative", "HTTP/1.1 -200 X")
  line("status missing", "HTTP/1.1")
  line("status line of HTTP/1.2", "HTTP/1.2 200 OK")
  line("status line of HTTP/3", "HTTP/3 200 OK")
  line("status line of HTTP/9.9", "HTTP/9.9 200 OK")
  line("status line of HTTP/2", "HTTP/2 200 OK")
  line("status line of HTTP/2, negative", "HTTP/2 -05")
  line("status line of HTTP/1", "HTTP/1 200 OK")
  line("status above 599", "HTTP/1.1 600 X")
  line("status of 999", "HTTP/1.1 999 Request denied")
  line("status of 099", "HTTP/1.1 099 X")
  line("status signed", "HTTP/1.1 +20 X")
  line("status in hexadecimal", "HTTP/1.1 0x1 X")
  line("status with a fraction", "HTTP/1.1 200.5 X")
  line("status beyond 32 bits", "HTTP/1.1 4294967496 X")
  line("status after two blanks", "HTTP/1.1  200 X")
  line("status after a tab", "HTTP/1.1\t200 X")
  line("status with letters after it", "HTTP/1.1 200OK")
  line("status line in small letters", "http/1.1 200 OK")
  line("unrequested status of another protocol", "HTTP/1.1 101 Switching Protocols")
  line("status line of RTSP", "RTSP/1.0 200 OK")
  line("status line of a radio station", "ICY 200 OK")
  line("status line after an empty one", "\r\nHTTP/1.1 200 OK")
  line("NUL in the status line", "HTTP/1.1 200 O\0K")
  line("NUL in a header's name", OK .. "X-\0A: 1")
  line("header without a colon", OK .. "nonsense")
  line("folded line before any header", OK .. " f: " .. ("F"):rep(200))
  line("folded line after a tab before any header", OK .. "\tf: " .. ("F"):rep(2000))
  line("folded line after an interim reply", "HTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\n" .. OK .. " f: F")

  told("another status line among the headers", "malformed_response",
    OK .. "Content-Length: 2\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}")
  told("another status line as a trailer", "malformed_response", CHUNKED .. "0\r\nHTTP/1.1 404 Not Found\r\n\r\n")
  told("HTTP/2's preface", "malformed_response", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
  told("HTTP/2's settings", "malformed_response", "\0\0\0\4\0\0\0\0\0")
  told("TLS's refusal of plain text", "malformed_response", "\21\3\1\0\2\2\40")
  told("a body that is not packed as it says", "malformed_response",
    OK .. "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
  told("a body that is packed and in chunks", "malformed_response",
    OK .. "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
  told("a body in chunks twice", "malformed_response",
    CHUNKED:sub(1, -3) .. "Transfer-Encoding: chunked\r\n\r\n5\r\n2\r\n{}\r\n0\r\n\r\n")
  told("a body in chunks of an unknown encoding", "malformed_response",
    OK .. "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
end)
