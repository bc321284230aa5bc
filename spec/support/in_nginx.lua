--- The code that the specs run inside nginx: calls, and their outcomes as JSON.

local cjson = require "cjson"

local M = {}

local ngx = rawget(_G, "ngx")

local function shown(err)
  if type(err) ~= "table" then return err and tostring(err) end
  return {
    code = err.code, kind = err.kind, message = err.message, hint = err.hint, ambiguous = err.ambiguous,
    retryable = err.retryable, attempts = err.attempts, sent = err.sent, timings = err.timings,
  }
end

--- A call's outcome, as JSON.
-- @param result
-- @param err
-- @param meta
-- @treturn string
function M.told(result, err, meta)
  return cjson.encode { result = result, err = shown(err), meta = meta }
end

--- Sends requests with as many URLs, and answers with the bytes by which the heap has grown.
-- @tparam table runtime
function M.grow(runtime)
  local function heap()
    collectgarbage()
    collectgarbage()
    return collectgarbage "count" * 1024
  end
  local function send(from, to)
    for i = from, to do
      assert(runtime:send({ method = "GET", url = ngx.var.arg_url:gsub("%%3A", ":") .. "?" .. i, headers = {} }, {}))
    end
  end
  local n = tonumber(ngx.var.arg_n)
  send(1, n / 2) -- LuaJIT's traces, too, take memory at first
  local before = heap()
  send(n / 2 + 1, n * 3 / 2)
  ngx.print(math.floor(heap() - before))
end

--- Makes a call of a client and answers with what became of it.
-- @tparam table pool
-- @tparam string operation
-- @tparam[opt] table params
-- @tparam[opt] table options
function M.call(pool, operation, params, options)
  ngx.print(M.told(pool[operation](pool, params or { username = "ada" }, options)))
end

--- The names of all modules that are loaded.
-- @treturn string
function M.loaded()
  local names = {}
  for name in pairs(package.loaded) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, " ")
end

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

--- Keeps the worker busy, as no code should, until there is a file. Makes one of
-- the same name and ".began".
-- @tparam string path
function M.busy(path)
  io.open(path .. ".began", "w"):close()
  repeat until exists(path)
end

--- Sends what the query asks for (`url`, `method`, `size` of the body, and the
-- options) and answers with what became of it.
-- @tparam table runtime
function M.send(runtime)
  local query = ngx.req.get_uri_args()
  local response, err = runtime:send({
    method = query.method or "POST", url = query.url, headers = {}, body = ("x"):rep(tonumber(query.size) or 2),
  }, {
    timeout = tonumber(query.timeout), connect_timeout = tonumber(query.connect_timeout),
    max_idle = tonumber(query.max_idle), all_headers = true, timings = query.timings ~= nil,
  })
  ngx.print(M.told(response, err))
end

return M
