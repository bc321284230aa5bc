--- One configuration file of the AWS tools, as sections of settings.
--
-- The grammar is botocore's, which is that of Python's configparser, because
-- that is how the `aws` command reads these files. Where botocore refuses a
-- whole file, this reader goes on and warns; where the SDKs of other languages
-- read something else, it warns.
-- @module cognito.aws.ini

local python_space = require "cognito.aws.python_space"
local c_locale = require "cognito.c_locale"
local native = require "cognito.native"

local M = {}

local LARGEST = 1024 * 1024 -- bytes; a larger file is another file

--- The header of the section whose settings all others of the file have, too;
-- it may stand more than once (Python's configparser, "DEFAULT section").
M.COMMON = "DEFAULT"

-- ---- text ----

local trim = python_space.trim

-- The sign in a value that other SDKs take for the beginning of a comment: it
-- follows a blank, and is not inside quotes.
local function sign_of_comment(value)
  local at = 1
  while true do
    local found = value:find("[\"'#;]", at)
    if not found then
      return nil
    end
    local byte = value:sub(found, found)
    if byte == '"' or byte == "'" then
      at = (value:find(byte, found + 1, true) or found) + 1
    elseif found == 1 or value:find("^[ \t]", found - 1) then
      return byte
    else
      at = found + 1
    end
  end
end

-- Bytes that are no UTF-8 text come from another kind of file, or from half
-- an encoding: better said than half read. Every other byte of UTF-16 is NUL in what begins such a file.
local function is_utf16(text)
  return text:find "^%z[^%z]" or text:find "^[^%z]%z"
end

-- ---- lines ----

-- A reader's state: the kind of the file and its path, the number of the
-- line, the section and the setting that lines go to, and the column at which
-- that setting began.

local function place(state)
  return ("line %d of the %s file%s"):format(state.line, state.kind, state.path and " " .. state.path or "")
end

local function warn(state, message)
  state.warnings[#state.warnings + 1] = ("%s: %s"):format(place(state), message)
end

-- A fault belongs to the section that it stands in, and to the whole file
-- where there is none.
local function fault(state, message)
  local owner = state.section or state
  owner.fault = owner.fault or ("%s: %s"):format(place(state), message)
  warn(state, message)
end

-- The words of a header: up to the last bracket, which may be one of a remark.
local function header_of(line)
  local header = line:match "^%[(.+)%]"
  return header and trim(header)
end

local function begin_section(state, header)
  if header:find("]", 1, true) then
    warn(state, "the line holds more than one ], and the section's name ends at the last, as for the aws command")
  end
  local known = state.by_header[header]
  if known and header ~= M.COMMON then
    warn(state, ("[%s] stands twice; the aws command refuses the file"):format(header))
  end
  state.section = known or { header = header, line = state.line, values = {}, lines = {} }
  state.name = nil
  if not known then
    state.by_header[header] = state.section
    state.sections[#state.sections + 1] = state.section
  end
end

local function shown(name)
  return name:find "^[a-z0-9_.-]+$" and name or "a setting"
end

local function begin_setting(state, line)
  local name, value = line:match "^([^=:]*)[=:](.*)$"
  name = name and c_locale.lower(trim(name))
  if not state.section then
    fault(state, "a setting stands before the first section")
  elseif not name or name == "" then
    fault(state, "expected key = value")
  else
    if state.section.values[name] then
      warn(state, ("%s stands twice, and the last one counts; the aws command refuses the file")
        :format(shown(name)))
    end
    value = trim(value)
    local sign = sign_of_comment(value)
    if sign then
      warn(state, ("%s is part of the value of %s, with all behind it, as for the aws command; other SDKs take it for "
        .. "a comment"):format(sign, shown(name)))
    end
    state.name = name
    state.section.values[name] = { value }
    state.section.lines[name] = state.line
  end
end

local function take(state, line)
  local text = trim(line)
  local column = python_space.leading(line)
  local is_inside = state.name and column > state.column
  if text:find "^[#;]" then
    return
  elseif text == "" then -- it may stand inside a value
    local values = state.name and state.section.values[state.name]
    if values then
      values[#values + 1] = ""
    end
    return
  elseif is_inside and not (text:find "^%[" and state.is_ours(header_of(text))) then
    local values = state.section.values[state.name]
    values[#values + 1] = text
    return
  end
  state.column = column
  if not text:find "^%[" then
    return begin_setting(state, text)
  end
  local header = header_of(text)
  if not header then
    state.section, state.name = nil, nil
    return fault(state, "a section must end with ]")
  elseif is_inside then
    warn(state, ("[%s] is indented below a setting; the aws command takes it for a part of that"):format(header))
  end
  begin_section(state, header)
end

-- ---- values ----

-- An empty value with indented lines below is a table of them.
local function read_nested(state, section, key, text)
  local nested = {}
  for line in text:gmatch "[^\n]+" do
    local name, value = line:match "^([^=]*)=(.*)$"
    name = name and c_locale.lower(trim(name))
    if not name or name == "" then
      state.section, state.line = section, section.lines[key]
      fault(state, "an indented line below it is no key = value")
    else
      nested[name] = trim(value)
    end
  end
  return nested
end

local function settle(state)
  for _, section in ipairs(state.sections) do
    for name, lines in pairs(section.values) do
      local text = table.concat(lines, "\n"):gsub("\n+$", "")
      section.values[name] = text:find "^\n" and read_nested(state, section, name, text) or text
    end
  end
end

--- Reads one file.
-- @tparam string text
-- @tparam string kind "config" or "credentials", for messages
-- @tparam ?string path for messages
-- @tparam function is_ours whether a header names a section for us
-- @treturn table `sections` in their order, each `{ header, line, values,
--   lines, fault }`, where `lines` has the number of each setting's line;
--   `warnings`, a list of sentences; `fault`, a sentence, where a part of the
--   file cannot be assigned to any section. No sentence shows a value.
function M.parse(text, kind, path, is_ours)
  local state = { kind = kind, path = path, is_ours = is_ours, line = 0, column = 0, sections = {}, by_header = {},
    warnings = {} }
  local whole = ("the %s file%s"):format(kind, path and " " .. path or "")
  text = text:gsub("^\239\187\191", "")
  if #text > LARGEST then
    state.fault = whole .. " is larger than 1 MiB"
  elseif is_utf16(text) or not native.is_utf8(text) then
    state.fault = whole .. " is not UTF-8 text"
  else
    for line in (text:gsub("\r\n?", "\n") .. "\n"):gmatch "(.-)\n" do
      state.line = state.line + 1
      take(state, line)
    end
    settle(state)
    return state
  end
  state.warnings[1] = state.fault
  return state
end

return M
