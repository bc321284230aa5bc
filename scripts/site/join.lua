--- The path to which a relative link of a page leads.
-- @tparam string page path of the page
-- @tparam string target of the link
-- @treturn string path from the same folder as the page's
return function(page, target)
  local path = ((page:match "^.*/" or "") .. target):gsub("/%./", "/"):gsub("^%./", "")
  local before
  repeat
    before = path
    path = path:gsub("[^/]+/%.%./", "", 1)
  until path == before
  return path
end
