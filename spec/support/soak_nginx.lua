--- An nginx in which calls of a soak are made.

local cjson = require "cjson"
local core = require "cognito.core"
local nginx = require "spec.support.nginx"

local M = {}

local PATIENCE = 600 -- seconds for a block

--- Starts one, with one worker.
-- @treturn table the server of spec/support/nginx.lua
function M.start()
  return nginx.start {
    http = "lua_socket_log_errors off;",
    server = [[location = /soak { content_by_lua_block { require("spec.support.soak_in_nginx").run() } }]],
  }
end

--- The functions through which soak.run makes its calls there.
-- @tparam table server
-- @tparam string url of what is called
-- @treturn function step
function M.step(server, url)
  local http = core.http { timeout = PATIENCE }
  return function(from, n)
    local path = ("/soak?url=%s&from=%d&n=%d"):format(url, from, n)
    local reply = assert(http:send { method = "GET", url = server:url(path) })
    assert(reply.status == 200, server:log():sub(-2000))
    local made = cjson.decode(reply.body)
    return made.books, made.sample
  end
end

return M
