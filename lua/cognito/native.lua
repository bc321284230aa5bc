--- Picks the C half of the library, once per Lua state.
-- `cognito.wire` knows nothing of libcurl; `cognito.core` is the whole.
-- @module cognito.native

local name = require("cognito.place").native

local ok, loaded = pcall(require, name)
if not ok then
  local found, explain = pcall(require, "cognito.misbuilt")
  error(found and explain(name, loaded) or loaded, 0)
end
return loaded
