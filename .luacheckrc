-- "min": only what Lua 5.1 to 5.4 and LuaJIT have in common.
std = "min"
color = false
max_line_length = 120
self = false -- a method may do without

read_globals = {
  "jit",
  "unpack",
  table = { fields = { "unpack" } },
}

files["spec"] = { std = "min+busted" }
for _, name in ipairs { "openresty", "json_api", "session_site" } do
  files["examples/" .. name] = { std = "ngx_lua" } -- in nginx it is LuaJIT
end

-- Generated: as long as the service's own names make them.
files["lua/cognito/types.lua"] = { max_line_length = false }
files["model/cognito_idp.lua"] = { max_line_length = false }
files["model/types_header.lua"] = { max_line_length = false }
