--- Writes a manual page, in the macros of man(7).

local M = {}

local special = {
  ["\\"] = "\\e", ["-"] = "\\-", ["'"] = "\\(aq", ["`"] = "\\(ga", ["^"] = "\\(ha", ["~"] = "\\(ti",
}

-- A character beyond ASCII, of the bytes of its UTF-8.
local function by_number(lead, rest)
  local number = lead:byte() % (#rest == 1 and 32 or #rest == 2 and 16 or 8)
  for byte in rest:gmatch "." do
    number = number * 64 + byte:byte() % 64
  end
  return ("\\[u%04X]"):format(number)
end

--- Text as roff prints it, character by character: a line that begins with a
-- dot is no request, and quotes and hyphens can be copied into a shell.
-- @tparam string text
-- @treturn string
function M.plain(text)
  local escaped = text:gsub("[\\'`^~-]", special):gsub("([\194-\244])([\128-\191]+)", by_number)
    :gsub("%f[^\n%z]%.", "\\&.")
  return escaped
end

--- A text in another font.
-- @tparam string font `B` or `I`
-- @tparam string text
-- @treturn string
function M.font(font, text)
  return text == "" and "" or ("\\f%s%s\\fR"):format(font, M.plain(text))
end

local Page = {}
Page.__index = Page

--- A page that is empty but for its title.
-- @tparam string name such as `cognito-bulk`
-- @tparam string date
-- @tparam string source the program and its version
-- @treturn table
function M.page(name, date, source)
  local page = setmetatable({ lines = {} }, Page)
  page:add(('.TH %s 1 "%s" "%s" "User Commands"'):format(
    M.plain((name:gsub("%l", string.upper))), M.plain(date), M.plain(source)))
  page:add ".nh\n.ad l" -- names are not broken, so that they can be found
  return page
end

--- Adds lines that are roff already.
-- @tparam string lines
function Page:add(lines)
  self.lines[#self.lines + 1] = lines
end

--- Begins a section.
-- @tparam string title
function Page:section(title)
  self:add((".SH %s"):format(M.plain((title:gsub("%l", string.upper)))))
end

--- Adds a paragraph.
-- @tparam string text
function Page:paragraph(text)
  self:add(".PP\n" .. M.plain(text))
end

--- Adds an entry of a list: a label, and what it is.
-- @tparam string label in roff
-- @tparam string text
function Page:entry(label, text)
  self:add((".TP\n%s\n%s"):format(label, text == "" and "\\&" or M.plain(text)))
end

--- Adds lines as they are.
-- @tparam {string,...} lines
function Page:example(lines)
  self:add ".PP\n.nf\n.RS 4"
  for _, line in ipairs(lines) do
    self:add(M.plain(line))
  end
  self:add ".RE\n.fi"
end

--- The page's text.
-- @treturn string
function Page:text()
  return table.concat(self.lines, "\n") .. "\n"
end

return M
