--- Configuration files of any form.

local check = require "spec.fuzz.support.check"
local ini = require "cognito.aws.ini"
local python_space = require "cognito.aws.python_space"

local MARK = "planted"

local function is_ours(header)
  return header ~= nil and (header == "default" or header:find "^profile" ~= nil)
end

local function check_value(value)
  if type(value) == "table" then
    for name, inner in pairs(value) do
      assert(type(name) == "string" and type(inner) == "string", "an odd nested value")
    end
    return
  end
  assert(type(value) == "string" and value == python_space.trim(value), "a value with space around it")
end

-- Names may be in a warning; values may not.
local function check_warnings(file, text)
  local names = text:gsub("[=:][^\n\r]*", "")
  for _, warning in ipairs(file.warnings) do
    assert(not warning:find(MARK, 1, true) or names:find(MARK, 1, true), "a value in a warning")
  end
end

return function(text)
  local file = ini.parse(text, "config", nil, is_ours)
  local _, last = text:gsub("\r\n?", "\n"):gsub("\n", "")
  for _, section in ipairs(file.sections) do
    assert(section.header == python_space.trim(section.header), "a header with space around it")
    for name, value in pairs(section.values) do
      assert(name ~= "" and section.lines[name] <= last + 1, "no such line")
      check_value(value)
    end
  end
  check_warnings(file, text)
  local windows = ini.parse((text:gsub("\r\n?", "\n"):gsub("\n", "\r\n")), "config", nil, is_ours)
  -- By NUL in its first bytes a file is known as UTF-16.
  assert(text:find "%z" or check.same(file.sections, windows.sections), "another line end makes another file")
end
