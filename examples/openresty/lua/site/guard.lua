--- Handlers whose errors are logged by us: nginx would name the visitor's address, and
-- nginx.conf keeps such lines out of the log.

local log = require "site.log"

--- A handler that answers with a 500 where it has raised an error.
-- @tparam function handler
-- @treturn function
return function(handler)
  return function(...)
    local ok, err = xpcall(handler, debug.traceback, ...)
    if not ok then
      log(ngx.var.request_id, tostring(err):gsub("%s*\n%s*", "; "))
      return ngx.exit(500)
    end
    return err
  end
end
