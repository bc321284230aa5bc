-- check_release.lua: does the tree say one version, and is it one to release? Prints
-- every fault. `make release-check` runs this and all else that must hold.

package.path = "lua/?.lua;" .. package.path
local faults = require "scripts.faults"
local system = require "scripts.system"
local version = require "cognito.version"

local fault, read = faults.report, system.read

local function check_number()
  if not version:find "^%d+%.%d+%.%d+$" then
    fault("lua/cognito/version.lua: %s is a version in the making, and no release", version)
  end
end

-- The headings of the sections, and what the first holds.
local function sections()
  local found = {}
  for heading, body in ((read "CHANGELOG.md" or "") .. "\n## "):gsub("\n## ", "\n\0"):gmatch "%z([^\n]*)\n(%Z*)" do
    found[#found + 1] = { heading = heading, body = body }
  end
  return found
end

local function is_day(year, month, day)
  local time = os.time { year = year, month = month, day = day, hour = 12 }
  return os.date("%Y-%m-%d", time) == ("%s-%s-%s"):format(year, month, day)
end

local function check_changelog()
  local list = sections()
  local unreleased, released = list[1], list[2]
  if not unreleased or unreleased.heading ~= "Unreleased" then
    fault "CHANGELOG.md: its first section must be Unreleased"
  elseif unreleased.body:find "%S" then
    fault("CHANGELOG.md: what stands under Unreleased belongs under %s", version)
  end
  local number, year, month, day = (released and released.heading or ""):match "^(%S+) %- (%d%d%d%d)%-(%d%d)%-(%d%d)$"
  if number ~= version or not is_day(year, month, day) then
    fault("CHANGELOG.md: its second section must be '%s - YYYY-MM-DD', the day of the release", version)
  end
end

-- Debian's own number follows a hyphen.
local function check_debian()
  local text = read "debian/changelog"
  local number = text and text:match "^lua%-cognito %(([^)]*)%)"
  if text and (number or ""):gsub("%-[^-]*$", "") ~= version then
    fault("debian/changelog: its first entry is of %s, not of %s", number or "no version", version)
  end
end

-- Pages and pictures that name the version which a reader gets.
local mentions = {
  ["docs/sandbox_ci.md"] = "lua%-cognito%.git#v([%w.-]+)", ["docs/images/demo.svg"] = "lua%-cognito (%d[%w.-]*)",
}

local function check_mentions()
  for path, pattern in pairs(mentions) do
    for number in (read(path) or ""):gmatch(pattern) do
      if number ~= version then fault("%s: names %s, not %s", path, number, version) end
    end
  end
end

check_number()
check_changelog()
check_debian()
check_mentions()
os.exit(faults.count == 0)
