-- interface.lua: prints the names that RELEASING.md promises to keep, a line each: public modules,
-- functions, methods, fields of settings, options and results; operations; kinds, codes and reasons of
-- errors; commands and their options. A release keeps its list as spec/project/interface.txt, and
-- spec/project/interface_spec.lua finds what is missing since.
--
--     eval "$(make env)" && lua5.4 scripts/interface.lua >spec/project/interface.txt

local argparse = require "argparse"
local bulk = require "cognito.cli.command.bulk"
local commands = require "cognito.cli.commands"
local parser = require "cognito.cli.parser"
local system = require "scripts.system"

local unpack = table.unpack or unpack -- luacheck: ignore 143

local lines = {}

local function add(kind, name)
  local line = kind .. " " .. name
  if not lines[line] then
    lines[line] = true
    lines[#lines + 1] = line
  end
end

-- ---- modules, and what they have ----

local function add_modules()
  for name in system.read("docs/modules.md"):gmatch "\n| `(cognito[%w_.]*)` |" do
    add("module", name)
  end
end

-- Ours, that is; the shapes of the service are the service's.
local function own_classes()
  local own = {}
  for class in system.read("model/types_header.lua"):gmatch "%-%-%-@class (cognito[%w_.]*)" do own[class] = true end
  return own
end

-- The annotations have every public name: spec/model/types_spec.lua.
local function add_annotated()
  local own, class = own_classes(), nil
  for line in io.lines "lua/cognito/types.lua" do
    class = line:match "^%-%-%-@class ([%w_.]+)" or class
    local field = line:match "^%-%-%-@field ([%w_]+)%??%s"
    local func = line:match "^function ([%w_.:]+)%("
    if field and own[class] then
      add("field", class .. "." .. field)
    elseif func then
      add("function", class .. func:match "[.:].*$")
    end
  end
end

-- ---- errors ----

local function add_errors()
  local kind
  for line in io.lines "docs/errors.md" do
    local head, name = line:match "^| (%l+) |", line:match "^| `([%w_]+)` |"
    if head == "kind" or head == "code" or head == "reason" then
      kind = head
    elseif name and kind then
      add(kind, name)
    elseif not line:find "^|" then
      kind = nil
    end
  end
end

-- ---- the command ----

local function add_options(words, command)
  local path = table.concat({ "cognito", unpack(words) }, " ")
  add("command", path)
  for _, option in ipairs(command._options) do
    for _, alias in ipairs(option._aliases) do
      if not option._hidden and alias:find "^%-%-" then add("option", path .. " " .. alias) end
    end
  end
end

local function add_command(...)
  local words = { ... }
  local command = parser.new(argparse, words, { columns = function() end })
  for _, word in ipairs(words) do
    for _, each in ipairs(command._commands) do
      command = each._name == word and each or command
    end
  end
  add_options(words, command)
end

local function add_commands()
  add_command()
  for _, entry in ipairs(commands.list) do
    add_command(entry.name)
    for _, each in ipairs(entry.name == "bulk" and bulk.commands or {}) do add_command(entry.name, each.name) end
  end
end

add_modules()
add_annotated()
add_errors()
add_commands()
table.sort(lines)
print(table.concat(lines, "\n"))
