--- Picks the C half of the library, once per Lua state.
-- nginx brings its own I/O, so there only `cognito.wire` is loaded, which
-- knows nothing of libcurl; everywhere else it is `cognito.core`.
-- @module cognito.native

local ngx = rawget(_G, "ngx")
local name = ngx and ngx.socket and "cognito.wire" or "cognito.core"

local ok, loaded = pcall(require, name)
if not ok then
  local found, explain = pcall(require, "cognito.misbuilt")
  error(found and explain(name, loaded) or loaded, 0)
end
return loaded
