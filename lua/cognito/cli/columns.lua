--- Rows of a list, as they come: aligned for a terminal, tab-separated for
-- anything else. Memory does not grow with the number of rows.
-- @module cognito.cli.columns

local text = require "cognito.cli.text"

local M = {}

local GAP = "  "
local NARROWEST = 8 -- columns that a cut cell keeps

local columns = {}
local columns_mt = { __index = columns }

local function cleaned(row, count)
  local cells = {}
  for i = 1, count do
    cells[i] = text.clean(row[i] == nil and "" or tostring(row[i]))
  end
  return cells
end

-- Columns only ever become wider: the rows before are on the screen already.
local function widen(widths, rows)
  for _, cells in ipairs(rows) do
    for i, cell in ipairs(cells) do
      widths[i] = math.max(widths[i] or 0, text.width(cell))
    end
  end
end

local function sum(widths)
  local total = #GAP * (#widths - 1)
  for _, width in ipairs(widths) do
    total = total + width
  end
  return total
end

-- Takes from the widest until all fit; nil where cells would be cut to
-- nothing: there long lines are the lesser evil.
local function fitted(widths, available)
  local result = { (unpack or table.unpack)(widths) }
  while sum(result) > available do
    local widest = 1
    for i, width in ipairs(result) do
      if width > result[widest] then
        widest = i
      end
    end
    if result[widest] <= NARROWEST then
      return nil
    end
    result[widest] = result[widest] - 1
  end
  return result
end

local function aligned(cells, widths)
  local shown = {}
  for i, cell in ipairs(cells) do
    shown[i] = i < #cells and text.fit(cell, widths[i]) or text.cut(cell, widths[i])
  end
  return table.concat(shown, GAP)
end

local function joined(cells, widths)
  return widths and aligned(cells, widths) or table.concat(cells, GAP)
end

local function show_page(self, page)
  local rows = {}
  for i, row in ipairs(page) do
    rows[i] = cleaned(row, #self.titles)
  end
  widen(self.widths, rows)
  local widths = fitted(self.widths, self.console:columns(1) or math.huge)
  if not self.begun then
    self.console:write(self.console:paint(1, "bold", joined(self.titles, widths)) .. "\n")
    self.begun = true
  end
  for _, cells in ipairs(rows) do
    self.console:write(joined(cells, widths) .. "\n")
  end
end

--- Prints a page of rows.
-- @tparam {table,...} rows each a list of cells; nil counts as empty
function columns:add(rows)
  if self.aligned then
    show_page(self, rows)
    return
  end
  for _, row in ipairs(rows) do
    self.console:write(table.concat(cleaned(row, #self.titles), "\t") .. "\n")
  end
end

--- Begins a list.
-- @tparam table console
-- @tparam {string,...} titles of the columns, shown on a terminal only
-- @treturn table `add`
function M.new(console, titles)
  local self = { console = console, titles = titles, aligned = console:is_terminal(1), widths = {} }
  widen(self.widths, { titles })
  return setmetatable(self, columns_mt)
end

return M
