--- Where this Lua state runs: inside nginx, or in a program that may wait.
--
-- All that differs is in these two modules, which offer the same; no other
-- module asks where it is.
-- @module cognito.place

local ngx = rawget(_G, "ngx")
local in_nginx = ngx ~= nil and ngx.socket ~= nil

return require(in_nginx and "cognito.place.nginx" or "cognito.place.host")
