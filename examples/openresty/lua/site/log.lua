--- Log lines for operators: codes and request ids, nothing about people.
--
-- Lines go to standard error, which nginx joins to its error log. ngx.log would
-- add the visitor's address to each.

--- Writes a line.
-- @tparam string visit the id of the visitor's request, as in the access log; "-": not known
-- @tparam string text
return function(visit, text)
  io.stderr:write(("%s recovery visit=%s %s\n"):format(ngx.localtime(), visit, text))
end
