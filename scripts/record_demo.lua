-- record_demo.lua [--check]: the picture of README.md, docs/images/demo.svg, of
-- what `make demo` prints. --check runs the demo once more, and fails where
-- the picture shows other lines; codes differ each time, and the version does
-- not count.
--
-- `make demo-picture` runs it, with LUA_PATH and LUA_CPATH set.
local PICTURE = "docs/images/demo.svg"
local COLUMNS = 92
local SIZE, LINE, LEFT, TOP = 14, 20, 24, 64
local CHARACTER = 8.4

local STYLE = ([[
text { font: %dpx ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #e6edf3; white-space: pre }
.card { fill: #0d1117; stroke: #3d444d }
.step { fill: #79c0ff; font-weight: bold }
.note { fill: #8d96a0 }
.no { fill: #ffa198 }
.hint { fill: #e3b341 }]]):format(SIZE)

local KINDS = { { "^%d+%. ", "step" }, { "^sandbox:", "note" }, { "^   %(", "note" }, { "^   refused", "no" },
  { "^   hint", "hint" }, { "^%$", "step" } }

local function kind_of(line)
  for _, kind in ipairs(KINDS) do
    if line:find(kind[1]) then return kind[2] end
  end
  return "said"
end

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- Long sentences go on in the next line, as on a terminal of this width.
local function wrapped(line)
  local out = {}
  while #line > COLUMNS do
    local cut = COLUMNS - (line:sub(1, COLUMNS):reverse():find(" ", 1, true) or 1) + 1
    out[#out + 1] = line:sub(1, cut - 1)
    line = "     " .. line:sub(cut + 1)
  end
  out[#out + 1] = line
  return out
end

local function run_demo(lua)
  local pipe = assert(io.popen(("scripts/demo '%s' 2>&1"):format(lua)))
  local text = pipe:read "*a"
  pipe:close()
  assert(text:find "a real socket", text)
  return "$ make demo\n" .. text
end

local function drawn(text)
  local y, body = TOP, {}
  for line in text:gmatch "([^\n]*)\n" do
    local kind = kind_of(line)
    for _, piece in ipairs(wrapped(line)) do
      if piece ~= "" then
        body[#body + 1] = ('<text class="%s" x="%d" y="%d">%s</text>'):format(kind, LEFT, y, escaped(piece))
      end
      y = y + LINE
    end
  end
  local width = math.ceil(COLUMNS * CHARACTER + 2 * LEFT)
  return table.concat({
    ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img">'):format(width, y),
    "<title>What make demo prints</title>",
    "<style>\n" .. STYLE .. "\n</style>",
    ('<rect class="card" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>'):format(width - 1, y - 1),
    '<circle cx="28" cy="24" r="6" fill="#ff5f57"/><circle cx="48" cy="24" r="6" fill="#febc2e"/>'
      .. '<circle cx="68" cy="24" r="6" fill="#28c840"/>',
    table.concat(body, "\n"),
    "</svg>\n",
  }, "\n")
end

local function without_codes(svg)
  return (svg:gsub("%d%d%d%d%d%d", "000000"):gsub("lua%-cognito [%w.-]+", "lua-cognito"))
end

local function interpreter()
  local first = 0
  while arg[first - 1] do first = first - 1 end
  return arg[first]
end

local svg = drawn(run_demo(interpreter()))
if arg[1] == "--check" then
  local file = assert(io.open(PICTURE, "rb"))
  local shown = file:read "*a"
  file:close()
  if without_codes(shown) ~= without_codes(svg) then
    io.stderr:write(PICTURE, " is stale: run make demo-picture\n")
    os.exit(1)
  end
else
  local file = assert(io.open(PICTURE, "wb"))
  assert(file:write(svg))
  assert(file:close())
end
