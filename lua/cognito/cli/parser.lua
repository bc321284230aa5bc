--- The argument parser: argparse, which exits with statuses of its own and
-- knows nothing of terminals, made to fit.
-- @module cognito.cli.parser

local commands = require "cognito.cli.commands"
local native = require "cognito.native"
local options = require "cognito.cli.options"
local stop = require "cognito.cli.stop"
local version = require "cognito.version"

local M = {}

local WIDTH = 100 -- columns, unless the terminal says otherwise

-- ---- what is wrong with a command line ----

-- "list-users", "bulk run"; nothing for the command itself.
local function name_of(parser)
  local words = {}
  while parser._parent do
    table.insert(words, 1, parser._name)
    parser = parser._parent
  end
  return table.concat(words, " ")
end

-- What a parser and those above it take.
local function option_names(parser)
  local names = {}
  while parser do
    for _, option in ipairs(parser._options) do
      if not option._hidden then
        names[#names + 1] = option._name
      end
    end
    parser = parser._parent
  end
  return names
end

local function command_names(parser)
  local names = {}
  for i, command in ipairs(parser._commands) do
    names[i] = command._name
  end
  return names
end

-- argparse guesses only what is one letter off.
local function guess(parser, message)
  local kind, wrong = message:match "^unknown (%l+) '(.-)'"
  local names = kind == "option" and option_names(parser) or kind == "command" and command_names(parser)
  local nearest = names and native.nearest(wrong, names)
  if kind == "command" and native.describe((wrong:gsub("-", "_"))) then
    return ("there is no command '%s', but the operation: cognito call %s"):format(wrong, wrong)
  end
  return message:match "^[^\n]*" .. (nearest and ("; did you mean '%s'?"):format(nearest) or "")
end

-- argparse calls it with the parser that was at work.
local function refuse(parser, message)
  local name = name_of(parser)
  if name == "" then
    stop.usage(guess(parser, message), "cognito --help lists the commands")
  end
  stop.usage(("%s: %s"):format(name, guess(parser, message)), ("cognito %s --help lists its options"):format(name))
end

-- ---- help ----

local function add_help(command, console)
  command:flag("-h --help", "Print this and exit."):action(function()
    console:write(command:get_help() .. "\n")
    console:flush()
    stop.quietly(stop.DONE)
  end)
end

--- Adds examples, and whatever else stands below the options in a help text.
-- @param command of argparse
-- @tparam {string,...} lines
function M.examples(command, lines)
  command:epilog("Examples:\n  " .. table.concat(lines, "\n  "))
end

local function new_root(argparse, console)
  local width = math.min(console:columns(1) or WIDTH, WIDTH)
  local root = argparse("cognito", "Account recovery for Amazon Cognito user pools.")
    :add_help(false):help_max_width(width):usage_max_width(width):help_vertical_space(0)
    :help_description_margin(width < 60 and 10 or 30)
  root:flag("--version", "Print the version and exit."):action(function()
    console:line("cognito %s", version)
    console:flush()
    stop.quietly(stop.DONE)
  end)
  add_help(root, console)
  root:epilog("cognito COMMAND --help has details and examples. Exit status: 0 done, 1 the service or the network"
    .. " failed, 2 called wrongly, 3 partly done, 130 interrupted. docs/command.md has the rest.")
  root.error = refuse
  return root
end

-- What is a command's own comes before what it shares with others.
local function put_own_options_first(command)
  local grouped, own = {}, {}
  for _, group in ipairs(command._groups) do
    for _, option in ipairs(group) do
      grouped[option] = true
    end
  end
  for _, option in ipairs(command._options) do
    if not grouped[option] then
      own[#own + 1] = option
    end
  end
  command:group("Options", (unpack or table.unpack)(own))
  table.insert(command._groups, 1, table.remove(command._groups))
end

-- An empty word is a variable of a script that was never set.
local function refusing_empty(name, convert)
  return function(word)
    if word == "" then
      return nil, name .. ": it must not be empty"
    elseif convert then
      return convert(word)
    end
    return word
  end
end

-- Hidden ones are secrets, which are refused in words of their own; those that take
-- more than one word are another program's.
local function refuse_empty(elements, is_option)
  for _, element in ipairs(elements) do
    if not element._hidden and element._maxargs == 1 then
      local name = is_option and element._name or element._argname or element._name
      element:convert(refusing_empty(name, element._convert))
    end
  end
end

local function add_command(parent, entry, console)
  local command = parent:command(entry.name, entry.summary):summary(entry.summary):add_help(false)
  add_help(command, console)
  return command
end

-- Adds the commands of a list, and to the one that the words go on with all
-- there is to know about it. Returns the module that runs in the end.
local function add_commands(parent, list, words, depth, console)
  local module
  for _, entry in ipairs(list) do
    local command = add_command(parent, entry, console)
    if entry.name == words[depth] then
      module = require(entry.module)
      module.declare(command)
      refuse_empty(command._options, true)
      refuse_empty(command._arguments)
      put_own_options_first(command)
      if module.commands then
        module = add_commands(command, module.commands, words, depth + 1, console)
      end
    end
  end
  return module
end

--- Makes the parser, with all there is to know about the subcommand that is
-- asked for and the names of the others.
-- @param argparse the module
-- @tparam {string,...} words of the command line, the subcommand's first
-- @tparam table console
-- @return the parser, of argparse
-- @treturn ?table the subcommand's module
function M.new(argparse, words, console)
  local root = new_root(argparse, console)
  return root, add_commands(root, commands.list, words, 1, console)
end

-- ---- parsing ----

-- `cognito help COMMAND` is what people try first.
local function normalised(argv)
  local words = options.move_behind(argv)
  if words[1] == "help" then
    table.remove(words, 1)
    words[#words + 1] = "--help"
  end
  return words
end

--- Reads a command line.
-- @param argparse the module
-- @tparam {string,...} argv
-- @tparam table console
-- @treturn table args
-- @treturn table the subcommand's module
-- @raise when there is nothing to run
function M.parse(argparse, argv, console)
  local words = normalised(argv)
  local root, module = M.new(argparse, words, console)
  if not words[1] then
    stop.usage("a command is missing", "cognito --help lists them")
  end
  return root:parse(words), module
end

return M
