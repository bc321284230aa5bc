--- Makes calls of a soak inside nginx. A request's query has `url` (of the server), `from`
-- and `n`; the answer is `{ books, sample }` as JSON.

local cjson = require "cjson"
local kind = require "spec.support.runtimes.nginx"
local soak = require "spec.support.soak"
local worlds = require "spec.support.soak_worlds"

local M = {}

local ngx = rawget(_G, "ngx")

local world

--- Does what the request says.
function M.run()
  local query = ngx.req.get_uri_args()
  world = world or worlds.remote(kind, query.url)
  local books = soak.block(world, tonumber(query.from), tonumber(query.n))
  ngx.print(cjson.encode { books = books, sample = soak.sample() })
end

return M
