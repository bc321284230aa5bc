--- Writes a plot of lines as SVG: axes with units, both logarithmic, colours
-- for light and dark, legible at a width of 320 pixels.

local M = {}

-- In units of the picture, whose text is 12 pixels high where it is 320 wide.
local WIDTH, HEIGHT, TEXT = 480, 380, 18
local LEFT, RIGHT, TOP, BOTTOM = 92, 40, 78, 60

local STYLE = [[
text { font: %dpx sans-serif; fill: #1f2328 }
.card { fill: #ffffff }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.line { fill: none; stroke-width: 3 }
.a { stroke: #0550ae } .fill-a { fill: #0550ae }
.b { stroke: #bc4c00; stroke-dasharray: 9 5 } .fill-b { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.card { fill: #0d1117 }
.grid { stroke: #3d444d }
.a { stroke: #79c0ff } .fill-a { fill: #79c0ff }
.b { stroke: #ffa657 } .fill-b { fill: #ffa657 }
}]]

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- ---- scales ----

-- Powers of ten, and 2 and 5 times them in a small range: the last that is not
-- above the lowest value, up to the first that is not below the highest.
local function marks(low, high)
  local steps = high / low > 50 and { 1 } or { 1, 2, 5 }
  local found = {}
  for exponent = -3, 9 do
    for _, step in ipairs(steps) do
      local mark = step * 10 ^ exponent
      if mark <= low then
        found = { mark }
      elseif found[#found] < high then
        found[#found + 1] = mark
      end
    end
  end
  return found
end

local function scale(low, high, from, to)
  local begin, width = math.log(low), math.log(high) - math.log(low)
  return function(value)
    return from + (math.log(value) - begin) / width * (to - from)
  end
end

local function range(series, index)
  local low, high = math.huge, -math.huge
  for _, line in ipairs(series) do
    for _, point in ipairs(line.points) do
      low, high = math.min(low, point[index]), math.max(high, point[index])
    end
  end
  return low, high
end

local function shown(value)
  return ("%.3g"):format(value):find "e" and ("%.0f"):format(value) or ("%.3g"):format(value)
end

-- 1000 is 1,000.
local function grouped(value)
  local text = shown(value)
  return text:find "^%d%d%d%d+$" and text:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "") or text
end

-- ---- parts of the picture ----

local function text(x, y, anchor, content)
  return ('<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>'):format(x, y, anchor, escaped(content))
end

local function grid(x1, y1, x2, y2)
  return ('<line class="grid" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>'):format(x1, y1, x2, y2)
end

local function marker(line, x, y)
  if line == 1 then
    return ('<circle class="fill-a" cx="%.1f" cy="%.1f" r="5"/>'):format(x, y)
  end
  return ('<rect class="fill-b" x="%.1f" y="%.1f" width="9" height="9"/>'):format(x - 4.5, y - 4.5)
end

local function add_line(out, number, line, across, up)
  local path, class = {}, number == 1 and "a" or "b"
  for i, point in ipairs(line.points) do
    path[i] = ("%.1f,%.1f"):format(across(point[1]), up(point[2]))
  end
  out[#out + 1] = ('<polyline class="line %s" points="%s"/>'):format(class, table.concat(path, " "))
  for _, point in ipairs(line.points) do
    out[#out + 1] = marker(number, across(point[1]), up(point[2]))
  end
end

local function add_marks(out, plot, ticks, across, up)
  for _, tick in ipairs(ticks) do
    local y = up(tick)
    out[#out + 1] = grid(LEFT, y, WIDTH - RIGHT, y)
    out[#out + 1] = text(LEFT - 8, y + TEXT / 3, "end", grouped(tick))
  end
  for _, point in ipairs(plot.series[1].points) do
    local x = across(point[1])
    out[#out + 1] = grid(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 6)
    out[#out + 1] = text(x, HEIGHT - BOTTOM + 26, "middle", (plot.name_of or grouped)(point[1]))
  end
end

local function add_key(out, series)
  for number, line in ipairs(series) do
    local x = LEFT + (number - 1) * 185
    out[#out + 1] = ('<path class="line %s" d="M%.1f 58h36"/>'):format(number == 1 and "a" or "b", x)
    out[#out + 1] = marker(number, x + 18, 58)
    out[#out + 1] = text(x + 44, 64, "start", line.name)
  end
end

-- A text says what the plot shows to those who do not see it.
local function description(plot)
  local words = {}
  for _, line in ipairs(plot.series) do
    local points = {}
    for i, point in ipairs(line.points) do
      points[i] = ("%s at %s"):format(shown(point[2]), (plot.name_of or shown)(point[1]))
    end
    words[#words + 1] = line.name .. ": " .. table.concat(points, ", ")
  end
  return ("%s by %s. %s."):format(plot.y_title, plot.x_title, table.concat(words, "; "))
end

--- A plot of two lines.
-- @tparam table plot `title`; `x_title` and `y_title`, with units; `series`:
--   one or two of `name` and `points`, pairs of positive numbers with
--   the same x, rising; `name_of`: an x as text
-- @treturn string SVG
function M.svg(plot)
  local x_low, x_high = range(plot.series, 1)
  local ticks = marks(range(plot.series, 2))
  local across = scale(x_low, x_high, LEFT + 10, WIDTH - RIGHT)
  local up = scale(ticks[1], ticks[#ticks], HEIGHT - BOTTOM, TOP)
  local out = {
    ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" '
      .. 'aria-labelledby="title desc">'):format(WIDTH, HEIGHT, WIDTH, HEIGHT),
    ('<title id="title">%s</title>'):format(escaped(plot.title)),
    ('<desc id="desc">%s</desc>'):format(escaped(description(plot))),
    ("<style>%s</style>"):format(STYLE:format(TEXT)),
    ('<rect class="card" width="%d" height="%d" rx="8"/>'):format(WIDTH, HEIGHT),
    text(12, 28, "start", plot.y_title),
  }
  add_marks(out, plot, ticks, across, up)
  out[#out + 1] = text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "middle", plot.x_title)
  add_key(out, plot.series)
  for number, line in ipairs(plot.series) do
    add_line(out, number, line, across, up)
  end
  out[#out + 1] = "</svg>\n"
  return table.concat(out, "\n")
end

return M
