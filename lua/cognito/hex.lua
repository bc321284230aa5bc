--- Bytes as hexadecimal digits.
-- @module cognito.hex

--- Writes bytes in hexadecimal.
-- @tparam string bytes
-- @treturn string lower case
return function(bytes)
  return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end
