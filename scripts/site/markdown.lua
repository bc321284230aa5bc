--- Pages as GitHub shows them, made into pages as Python-Markdown reads them.
-- @module scripts.site.markdown
local M = {}

-- Python-Markdown wants this much before what belongs to a list item, where
-- GitHub takes the width of the item's marker.
local ITEM_WIDTH = 4

local function marker_width(line)
  local marker = line:match "^[-*] +" or line:match "^%d+%. +"
  return marker and #marker
end

-- Is this line code? Keeps in `state` whether a fence is open, and the width
-- of the marker of the list item that the line belongs to.
local function read_line(state, line)
  local fence = line:find "^ *```"
  if state.fenced or fence then
    state.fenced = state.fenced ~= (fence ~= nil)
    return true
  elseif not state.width and line:find "^    " and (state.last == "" or state.was_code) then
    return true
  elseif line:find "^%S" then
    state.width = marker_width(line)
  end
  return false
end

local function moved_in(line, width)
  local blanks = #line:match "^ *"
  return blanks >= width and blanks < #line and (" "):rep(ITEM_WIDTH - width) .. line or line
end

--- Rewrites the links of a page, and what the two dialects disagree in.
-- @tparam string text a page
-- @tparam function link given a link's target, returns another, or nil to
--   leave it
-- @treturn string
function M.convert(text, link)
  local out, state = {}, { last = "" }
  local function linked(open, target, close) return open .. (link(target) or target) .. close end
  for line in (text:gsub("^<!%-%-.-%-%->\n", "") .. "\n"):gmatch "([^\n]*)\n" do
    local in_list = state.width
    local is_code = read_line(state, line)
    local written = is_code and line or line:gsub("(%]%()([^)%s]+)(%))", linked)
    local begins_list = marker_width(line) and not is_code and not in_list
    if begins_list and state.last ~= "" then out[#out + 1] = "" end
    out[#out + 1] = state.width and moved_in(written, state.width) or written
    state.last, state.was_code = line, is_code
  end
  return table.concat(out, "\n")
end

return M
