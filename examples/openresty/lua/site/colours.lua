--- The colours that follow from the accent, for both schemes: as near to it as
-- the contrast that people need allows (WCAG 2.2, 1.4.3: 4.5 to 1 for text).

local colours = {}

local ENOUGH = 4.5

-- The grounds that texts in the accent's colour stand on; site.css has them too.
local WHITE, BLACK = { 255, 255, 255 }, { 0, 0, 0 }
local NIGHT, INK = { 23, 27, 41 }, { 16, 19, 31 }
local PAPER = { 239, 241, 248 }

--- Reads a colour.
-- @tparam string text like #3346c8
-- @treturn ?table three numbers from 0 to 255; nil: it is none
function colours.read(text)
  local red, green, blue = text:match "^#(%x%x)(%x%x)(%x%x)$"
  return red and { tonumber(red, 16), tonumber(green, 16), tonumber(blue, 16) }
end

--- Writes one.
function colours.write(colour)
  return ("#%02x%02x%02x"):format(colour[1], colour[2], colour[3])
end

local function mix(a, b, share)
  local mixed = {}
  for i = 1, 3 do mixed[i] = math.floor(a[i] + (b[i] - a[i]) * share + .5) end
  return mixed
end

local function linear(value)
  value = value / 255
  return value <= 0.04045 and value / 12.92 or ((value + 0.055) / 1.055) ^ 2.4
end

local function luminance(colour)
  return 0.2126 * linear(colour[1]) + 0.7152 * linear(colour[2]) + 0.0722 * linear(colour[3])
end

--- The contrast of two colours, from 1 to 21.
function colours.contrast(a, b)
  local light, dark = luminance(a), luminance(b)
  if light < dark then light, dark = dark, light end
  return (light + 0.05) / (dark + 0.05)
end

-- Goes from a colour towards another one until it can be read on all grounds.
local function readable(colour, towards, enough, grounds)
  for step = 0, 50 do
    local found, least = mix(colour, towards, step / 50), 21
    for _, ground in ipairs(grounds) do
      least = math.min(least, colours.contrast(found, ground))
    end
    if least >= enough then return found end
  end
  return towards
end

local function on(colour)
  return colours.contrast(WHITE, colour) >= ENOUGH and WHITE or INK
end

local function by_day(accent)
  local tint = mix(WHITE, accent, .08)
  local text = readable(accent, BLACK, ENOUGH, { WHITE, PAPER, tint })
  local deep = mix(text, BLACK, .25)
  return { accent = text, deep = deep, on = WHITE, tint = tint }
end

-- By night more contrast than it takes, since thin light letters glare less.
local function by_night(accent)
  local tint = mix(NIGHT, accent, .2)
  local text = readable(accent, WHITE, 7, { NIGHT, tint })
  return { accent = text, deep = mix(text, WHITE, .3), on = INK, tint = tint }
end

--- The colours that follow from an accent: `brand` and `on_brand` of mark and bar; `day`
-- and `night`, each with `accent`, `deep` (below a pointer), `on` (texts on
-- these), `tint` (a ground).
-- @tparam table accent three numbers
-- @treturn table
function colours.scheme(accent)
  return { brand = accent, on_brand = on(accent), day = by_day(accent), night = by_night(accent) }
end

local function variables(scheme)
  return ("--accent:%s;--accent-deep:%s;--on-accent:%s;--tint:%s"):format(colours.write(scheme.accent),
    colours.write(scheme.deep), colours.write(scheme.on), colours.write(scheme.tint))
end

--- The style sheet of an accent; it goes before site.css.
-- @tparam table accent
-- @treturn string
function colours.style_sheet(accent)
  local scheme = colours.scheme(accent)
  return (":root{--brand:%s;%s}\n@media (prefers-color-scheme:dark){:root{%s}}\n"):format(
    colours.write(scheme.brand), variables(scheme.day), variables(scheme.night))
end

local MARK = [[
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="9" fill="%s"/>
  <g fill="none" stroke="%s" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">
    <circle cx="11.5" cy="16" r="4.5"/>
    <path d="M16 16h9.5v4M21 16v3"/>
  </g>
</svg>
]]

--- The mark of the site in its accent, where it has no logo.
-- @tparam table accent
-- @treturn string SVG
function colours.mark(accent)
  return MARK:format(colours.write(accent), colours.write(on(accent)))
end

return colours
