--- QR codes as SVG, drawn here so that no script and no other site is needed. The
-- bars come from libqrencode (Debian: libqrencode4), where it is installed.

local ffi = require "ffi"
local html = require "site.html"

local qr = {}

local QUIET = 4 -- modules of margin, as ISO/IEC 18004 wants
local MEDIUM = 1 -- QR_ECLEVEL_M: 15 % of the bars may be unreadable

ffi.cdef [[
typedef struct { int version; int width; unsigned char *data; } site_qrcode;
site_qrcode *QRcode_encodeString8bit(const char *text, int version, int level);
void QRcode_free(site_qrcode *code);
]]

local found, library = pcall(ffi.load, "libqrencode.so.4")

--- Whether codes can be drawn on this machine.
qr.available = found

-- The dark bars of a row, as parts of an SVG path.
local function row(parts, code, y)
  local x = 0
  while x < code.width do
    local from = x
    while x < code.width and code.data[y * code.width + x] % 2 == 1 do x = x + 1 end
    if x > from then
      parts[#parts + 1] = ("M%d %dh%dv1h-%dz"):format(from + QUIET, y + QUIET, x - from, x - from)
    end
    x = x + 1
  end
end

local function path(code)
  local parts = {}
  for y = 0, code.width - 1 do row(parts, code, y) end
  return table.concat(parts)
end

--- Draws a text. Dark on light by night as well: not all readers take the reverse.
-- @tparam string text
-- @tparam string label for those who cannot see it
-- @return an element; nil where it cannot be drawn
function qr.draw(text, label)
  local code = found and library.QRcode_encodeString8bit(text, 0, MEDIUM)
  if not code or code == nil then -- a null pointer equals nil, and counts as true
    return nil
  end
  local size, bars = code.width + 2 * QUIET, path(code)
  library.QRcode_free(code)
  return html.svg {
    class = "qr", role = "img", ["aria-label"] = label, viewBox = ("0 0 %d %d"):format(size, size),
    ["shape-rendering"] = "crispEdges",
    html.rect { width = size, height = size, fill = "#ffffff" }, html.path { d = bars, fill = "#000000" },
  }
end

return qr
