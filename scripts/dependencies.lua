--- The parts that the library needs: the one list that the release's list of
-- parts is made from. spec/project/supply_spec.lua compares it with src/needed.h,
-- the rockspec, docs/install.md, scripts/deps and what the sources load.
--
-- `oldest` is the oldest supported version, where there is one; `modules` are the names that
-- Lua code requires; `debian` is the package to build and run with; a part that is
-- `for` something is needed for that alone.
return {
  { name = "Lua", oldest = "5.1", licence = "MIT", purl = "pkg:generic/lua", debian = "lua5.4",
    modules = { "ffi" } }, -- LuaJIT's,
  { name = "libcurl", oldest = "7.88", licence = "curl", purl = "pkg:generic/curl",
    debian = "libcurl4-openssl-dev", needed = "CURL" },
  { name = "OpenSSL", oldest = "1.1.1", licence = "Apache-2.0", purl = "pkg:generic/openssl", debian = "libssl-dev",
    needed = "OPENSSL" },
  { name = "lua-cjson", oldest = "2.1", licence = "MIT", purl = "pkg:luarocks/lua-cjson", debian = "lua-cjson",
    modules = { "cjson" } },
  { name = "argparse", oldest = "0.7", licence = "MIT", purl = "pkg:luarocks/argparse", debian = "lua-argparse",
    modules = { "argparse" }, ["for"] = "the command" },
  { name = "LuaSocket", licence = "MIT", purl = "pkg:luarocks/luasocket", debian = "lua-socket",
    modules = { "socket" }, ["for"] = "the local user pool over HTTP" },
  { name = "LuaSQL", oldest = "2.3.4", licence = "MIT", purl = "pkg:luarocks/luasql-sqlite3",
    debian = "lua-sql-sqlite3", modules = { "luasql.sqlite3", "luasql.postgres" }, ["for"] = "bulk jobs" },
  { name = "cqueues", licence = "MIT", purl = "pkg:luarocks/cqueues", debian = "lua-cqueues",
    modules = { "cqueues", "cqueues.condition" }, ["for"] = "the runtime for cqueues" },
  { name = "ngx_lua", oldest = "0.10.23", licence = "BSD-2-Clause", purl = "pkg:github/openresty/lua-nginx-module",
    debian = "libnginx-mod-http-lua", modules = { "resty.core.time" }, ["for"] = "calls inside nginx" },
}
