--- Picks the C half of the library, once per Lua state.
-- nginx brings its own I/O, so there only `cognito.wire` is loaded, which
-- knows nothing of libcurl; everywhere else it is `cognito.core`.
-- @module cognito.native

local ngx = rawget(_G, "ngx")

if ngx and ngx.socket then
  return require "cognito.wire"
end
return require "cognito.core"
