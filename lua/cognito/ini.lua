--- One configuration file of the AWS tools, as sections of settings.
--
-- The grammar is botocore's, which is that of Python's configparser, because
-- that is how the `aws` command reads these files. Where botocore refuses a
-- whole file, or gives a value a comment that the other SDKs drop, this reader
-- goes on and warns.
-- @module cognito.ini

local c_locale = require "cognito.c_locale"

local M = {}

local LARGEST = 1024 * 1024 -- bytes; a larger file is another file

--- The header of the section whose settings all others of the file have, too;
-- it may stand more than once (Python's configparser, "DEFAULT section").
M.COMMON = "DEFAULT"

-- ---- text ----

local function trim(text)
  return text:match "^%s*(.-)%s*$"
end

local multibyte = {
  "^[\194-\223][\128-\191]",
  "^[\224-\239][\128-\191][\128-\191]",
  "^[\240-\244][\128-\191][\128-\191][\128-\191]",
}

-- Bytes that are no UTF-8 text come from another kind of file, or from half
-- an encoding: better said than half read.
local function is_utf8(text)
  local at = text:find "[\128-\255]"
  while at do
    local stop
    for _, pattern in ipairs(multibyte) do
      stop = stop or select(2, text:find(pattern, at))
    end
    if not stop then
      return false
    end
    at = text:find("[\128-\255]", stop + 1)
  end
  return true
end

-- The value without a comment behind it. A comment follows a blank; inside
-- quotes there is none, as in the arguments of a credential_process.
local function without_comment(value)
  local at = 1
  while true do
    local found = value:find("[\"'#;]", at)
    if not found then
      return value
    end
    local byte = value:sub(found, found)
    if byte == '"' or byte == "'" then
      at = (value:find(byte, found + 1, true) or found) + 1
    elseif found == 1 or value:find("^%s", found - 1) then
      return trim(value:sub(1, found - 1))
    else
      at = found + 1
    end
  end
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

-- The words of a header: up to the last bracket, as botocore reads it, unless
-- the first one is followed by a remark.
local function header_of(line)
  local first, behind = line:match "^%[([^%]]+)%](.*)$"
  if first and (behind == "" or behind:find "^%s*[#;]" or not behind:find("]", 1, true)) then
    return trim(first)
  end
  local longest = line:match "^%[(.+)%]"
  return longest and trim(longest)
end

local function begin_section(state, header)
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
        :format(name:find "^[%w_%-%.]+$" and name or "a setting"))
    end
    state.name = name
    state.section.values[name] = { without_comment(trim(value)) }
    state.section.lines[name] = state.line
  end
end

local function take(state, line)
  local text = trim(line)
  local column = #line:match "^%s*"
  local is_inside = state.name and column > state.column
  if text == "" or text:find "^[#;]" then
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
local function read_nested(state, section, lines)
  local nested = {}
  for i = 2, #lines do
    local name, value = lines[i]:match "^([^=]*)=(.*)$"
    name = name and c_locale.lower(trim(name))
    if not name or name == "" then
      state.section, state.line = section, section.line
      fault(state, "an indented line in this section is no key = value")
    else
      nested[name] = trim(value)
    end
  end
  return nested
end

local function settle(state)
  for _, section in ipairs(state.sections) do
    for name, lines in pairs(section.values) do
      section.values[name] = lines[1] == "" and lines[2] and read_nested(state, section, lines)
        or table.concat(lines, "\n")
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
  elseif text:find "%z" or not is_utf8(text) then
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
