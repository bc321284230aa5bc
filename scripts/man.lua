--- Makes the manual pages of `cognito`, one for the command and one for each
-- subcommand, of what the argument parser knows and of the tables in
-- docs/command.md.
--
--     lua5.4 scripts/man.lua FOLDER
local argparse = require "argparse"
local bulk = require "cognito.cli.command.bulk"
local commands = require "cognito.cli.commands"
local parser = require "cognito.cli.parser"
local roff = require "scripts.man.roff"
local system = require "scripts.system"
local version = require "cognito.version"

local unpack = table.unpack or unpack -- luacheck: ignore 143
local HOME = "https://github.com/lua-cognito/lua-cognito"

local console = { columns = function() return nil end } -- help texts are asked of no terminal

-- ---- what the parser does not know ----

-- The day of the release; none for what is not released.
local function date_of(changelog)
  for line in changelog:gmatch "[^\n]+" do
    if line:find("## ", 1, true) == 1 and line:find(version, 1, true) then
      return line:match "%d%d%d%d%-%d%d%-%d%d" or ""
    end
  end
  return ""
end

local function without_markup(cell)
  return (cell:gsub("%[(.-)%]%(.-%)", "%1"):gsub("[`*]", ""):gsub("^%s+", ""):gsub("%s+$", ""))
end

-- The rows of the first table below a heading, without its own heading.
local function table_below(text, heading)
  local from = select(2, text:find("\n## " .. heading .. "\n", 1, true))
  assert(from, "docs/command.md has no section " .. heading)
  local rows = {}
  for line in text:sub(from, (text:find("\n## ", from, true))):gmatch "[^\n]+" do
    if line:find("^|[^-]") then
      local cells = {}
      for cell in line:sub(2):gmatch "(.-)|" do
        cells[#cells + 1] = without_markup(cell)
      end
      rows[#rows + 1] = cells
    elseif rows[1] and not line:find "^|" then
      break
    end
  end
  table.remove(rows, 1)
  assert(rows[1], "docs/command.md has no table below " .. heading)
  return rows
end

local guide = assert(system.read "docs/command.md")
local date = date_of(assert(system.read "CHANGELOG.md"))

local function add_exit_status(page)
  page:section "Exit status"
  for _, row in ipairs(table_below(guide, "Exit status")) do
    page:entry(roff.font("B", row[1]), row[2])
  end
end

local function add_environment(page)
  page:section "Environment"
  for _, row in ipairs(table_below(guide, "Settings")) do
    if row[2] ~= "" then
      page:entry(roff.font("B", row[2]), ("The same as %s%s."):format(row[1], row[3] ~= "" and ": " .. row[3] or ""))
    end
  end
  for _, row in ipairs(table_below(guide, "Passwords, codes and secrets")) do
    if row[1] == "the environment" then
      for i, what in ipairs { "client secret", "code", "password" } do
        page:entry(roff.font("B", row[i + 1]), ("The %s, unless a descriptor gives it."):format(what))
      end
    end
  end
end

-- ---- elements of a parser ----

-- Labels: `-h, --help`, `--filter FILTER`, `USER`.
local function label_of(element)
  if not element._aliases then
    return roff.font("I", element:_get_argname(1))
  end
  local names = {}
  for i, alias in ipairs(element._public_aliases or element._aliases) do
    names[i] = roff.font("B", alias)
  end
  local label, takes = table.concat(names, ", "), table.concat(element:_get_argument_list(), " ")
  return takes == "" and label or label .. " " .. roff.font("I", takes)
end

local function add_elements(page, title, elements, seen)
  local begun
  for _, element in ipairs(elements) do
    if not element._hidden and not seen[element] then
      if not begun then
        page:section(title)
      end
      begun, seen[element] = true, true
      page:entry(label_of(element), element:_get_description())
    end
  end
end

local function add_options(page, command)
  local seen = {}
  add_elements(page, "Arguments", command._arguments, seen)
  for _, group in ipairs(command._groups) do
    add_elements(page, group.name, group, seen)
  end
  add_elements(page, "Options", command._options, seen)
end

-- Lines behind "Examples:" are to be typed; others are prose.
local function add_epilog(page, epilog)
  local examples, prose = {}, {}
  for line in (epilog or ""):gmatch "[^\n]+" do
    if line:find "^  " then
      examples[#examples + 1] = line:sub(3)
    elseif line ~= "Examples:" then
      prose[#prose + 1] = line
    end
  end
  if prose[1] then
    page:section "Notes"
    page:paragraph(table.concat(prose, "\n"))
  end
  if examples[1] then
    page:section "Examples"
    page:example(examples)
  end
end

-- ---- pages ----

-- `cognito-bulk-plan` of its words; COUNT of them.
local function page_name(words, count)
  return table.concat({ "cognito", unpack(words, 1, count or #words) }, "-")
end

local function add_synopsis(page, command, words)
  page:section "Synopsis"
  local line = { roff.font("B", table.concat({ "cognito", unpack(words) }, " ")) }
  for _, argument in ipairs(command._arguments) do
    if not argument._hidden then
      line[#line + 1] = roff.font("I", argument:_get_usage())
    end
  end
  if command._commands[1] then
    line[#line + 1] = roff.font("I", "COMMAND") .. " ..."
  end
  table.insert(line, 2, "[" .. roff.font("I", "OPTION") .. " ...]")
  page:add(table.concat(line, " "))
end

local function add_commands(page, words, list)
  page:section "Commands"
  for _, entry in ipairs(list) do
    page:entry(roff.font("B", page_name(words) .. "-" .. entry.name) .. "(1)", entry.summary)
  end
end

-- A command's own page, and before it those above it.
local function add_see_also(page, words)
  page:section "See also"
  local names = {}
  for i = 0, #words - 1 do
    names[#names + 1] = roff.font("B", page_name(words, i)) .. "(1)"
  end
  names[#names + 1] = roff.plain(HOME)
  page:add(table.concat(names, ",\n"))
end

local function lower_first(text)
  return (text:gsub("^%u", string.lower):gsub("%.$", ""))
end

local function new_page(words, summary)
  local name = page_name(words)
  local page = roff.page(name, date, "cognito " .. version)
  page:section "Name"
  page:add(("%s \\- %s"):format(roff.plain(name), roff.plain(lower_first(summary))))
  return page
end

local function command_page(words, entry, list)
  local command = parser.new(argparse, words, console)
  for _, word in ipairs(words) do
    for _, each in ipairs(command._commands) do
      command = each._name == word and each or command
    end
  end
  local page = new_page(words, entry.summary:match "^(.-%.)%s" or entry.summary)
  add_synopsis(page, command, words)
  page:section "Description"
  page:paragraph(command._description)
  if list then
    add_commands(page, words, list)
  end
  add_options(page, command)
  add_epilog(page, command._epilog)
  add_see_also(page, words)
  return page
end

local function root_page()
  local root = parser.new(argparse, {}, console)
  local page = new_page({}, root._description)
  add_synopsis(page, root, {})
  page:section "Description"
  page:paragraph(root._description)
  page:paragraph(root._epilog)
  add_commands(page, {}, commands.list)
  add_options(page, root)
  add_environment(page)
  add_exit_status(page)
  add_see_also(page, {})
  return page
end

local folder = assert(arg[1], "where to?")

local function write(words, page)
  local file = assert(io.open(("%s/%s.1"):format(folder, page_name(words)), "w"))
  file:write(".\\\" Made by scripts/man.lua of lua-cognito.\n", page:text())
  file:close()
end

write({}, root_page())
for _, entry in ipairs(commands.list) do
  local list = entry.name == "bulk" and bulk.commands or nil
  write({ entry.name }, command_page({ entry.name }, entry, list))
  for _, each in ipairs(list or {}) do
    write({ entry.name, each.name }, command_page({ entry.name, each.name }, each))
  end
end
