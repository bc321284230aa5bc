--- Calls take longer for users who exist: an answer to a try waits for the next
-- full second.

local SETTLE = 1 -- seconds

--- Waits.
-- @tparam number begun when the call did, by ngx.now
return function(begun)
  ngx.update_time()
  ngx.sleep(SETTLE - (ngx.now() - begun) % SETTLE)
end
