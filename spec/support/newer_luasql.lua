-- Runs any spec over a driver that behaves as LuaSQL 2.8's:
--
--     make spec SPEC=spec/bulk/run_spec.lua BUSTED_FLAGS=--helper=spec/support/newer_luasql.lua
package.loaded["luasql.sqlite3"] = require("spec.support.luasql").newer()
