--- The visitor as the pool's threat protection is to see them. nginx.conf says
-- whose word about their address counts.

--- The data of the request at hand.
-- @treturn table `user_context_data`
return function()
  return { ip_address = ngx.var.remote_addr }
end
