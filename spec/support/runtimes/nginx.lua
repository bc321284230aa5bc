--- The runtime inside nginx in the shared specs; of use only in there.
local nginx = require "cognito.runtime.nginx"

local M = { name = "nginx", has = { sockets = true, settings = true, concurrency = true } }

local ngx = rawget(_G, "ngx")

function M.new(settings)
  return nginx.new(settings)
end

function M.run(_, fn)
  fn()
end

function M.together(_, fns)
  local threads = {}
  for i, fn in ipairs(fns) do
    threads[i] = assert(ngx.thread.spawn(function() return pcall(fn) end))
  end
  for _, thread in ipairs(threads) do
    local _, ok, err = ngx.thread.wait(thread)
    if not ok then error(err, 0) end
  end
end

function M.close()
end

return M
