-- check.lua FOLDER: does every link of the site lead to a page, and to a place
-- in it, that is there? Does every page load only what the site itself has?
-- Prints what does not, and fails.
local faults = require "scripts.faults"
local join = require "scripts.site.join"
local system = require "scripts.system"

local fault, read = faults.report, system.read

local folder = assert(arg[1], "usage: check.lua FOLDER")

local function unescaped(url)
  return (url:gsub("&amp;", "&"):gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local pages = {}
for path in assert(io.popen("cd '" .. folder .. "' && find . -name '*.html'")):lines() do
  local text = read(folder .. "/" .. path)
  local page = { text = text, places = {} }
  for id in text:gmatch '[ \n]id="([^"]*)"' do page.places[unescaped(id)] = true end
  for name in text:gmatch '<a name="([^"]*)"' do page.places[unescaped(name)] = true end
  pages[path:gsub("^%./", "")] = page
end

-- 404.html has the addresses of the published site; its links are the menu's.
local function check_link(name, url)
  local to, place = unescaped(url):match "^([^#?]*)[^#]*#?(.*)$"
  local path = to == "" and name or join(name, to)
  if path == "" or path:find "/$" then path = path .. "index.html" end
  local page = pages[path]
  if not page and not read(folder .. "/" .. path) then
    fault("%s: %s leads to no file", name, url)
  elseif page and place ~= "" and not page.places[place] and place ~= "__top" then
    fault("%s: %s leads to no place in %s", name, url, path)
  end
end

local count, links = 0, 0

local function check_tag(name, tag)
  for attribute, url in tag:gmatch '[ \n]([hs]r[ec]f?)="?([^"> ]*)' do
    local outside = url:find "^%a[%w+.-]*:" or url:find "^//"
    local is_loaded = attribute == "src" or tag:find 'rel="?stylesheet'
    if not outside and name ~= "404.html" then
      links = links + 1
      check_link(name, url)
    elseif outside and is_loaded and not url:find "^data:" then
      fault("%s loads %s from elsewhere", name, url)
    end
  end
end

for name, page in pairs(pages) do
  count = count + 1
  for tag in page.text:gmatch "<%a[^>]*>" do check_tag(name, tag) end
end

if count == 0 then fault("%s holds no page", folder) end
print(("%d pages, %d links within the site"):format(count, links))
os.exit(faults.count == 0)
