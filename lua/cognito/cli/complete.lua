--- What could stand where a shell's cursor is: what `cognito __complete WORDS`
-- prints, one candidate a line with a description behind a tab, or `:files`.
--
-- A subcommand's module may have `complete(place, words)`: candidates for an
-- argument, by its name, or for what an option takes, by the option's.
-- @module cognito.cli.complete

local native = require "cognito.native"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local aws_files = require "cognito.aws.files"
local tables = require "cognito.tables"

local FILES = ":files"

local files = { FILE = true, JOURNAL = true } -- what names one

local function first_sentence(description)
  return ((description or ""):match "^(.-)[.;:]" or description or ""):gsub("%s+", " ")
end

-- ---- where the cursor is ----

local function find_named(list, name)
  for _, each in ipairs(list) do
    for _, alias in ipairs(each._aliases) do
      if alias == name then
        return each
      end
    end
  end
  return nil
end

local function find_option(command, name)
  local option
  repeat
    option = find_named(command._options, name)
    command = command._parent
  until option or not command
  return option
end

-- Walks over the words before the last one. Returns the subcommand that they
-- lead to, how many arguments it has, and the option that waits for a value.
local function walk(root, words)
  local command, arguments, waiting = root, 0, nil
  for i = 1, #words - 1 do
    local word = words[i]
    if waiting then
      waiting = nil
    elseif word:sub(1, 1) == "-" then
      local option = find_option(command, word)
      waiting = option and option._minargs > 0 and option or nil
    elseif find_named(command._commands, word) then
      command, arguments = find_named(command._commands, word), 0
    else
      arguments = arguments + 1
    end
  end
  return command, arguments, waiting
end

-- ---- candidates ----

local function names_of(list)
  local found = {}
  for _, each in ipairs(list) do
    if not each._hidden then
      local name = each._aliases[#each._aliases] -- the long one comes last
      found[#found + 1] = { name, first_sentence(each._summary or each._description) }
    end
  end
  return found
end

local function plain(names)
  local found = {}
  for i, name in ipairs(names or {}) do
    found[i] = { name, "" }
  end
  return found
end

local function profiles()
  return plain(tables.sorted_keys(aws_files.open(os.getenv, native.read_file).profiles))
end

local function values_of(element, place, module, words)
  if element._choices then
    return plain(element._choices)
  elseif place == "--profile" then
    return profiles()
  elseif files[element._argname] then
    return FILES
  end
  return plain(module and module.complete and module.complete(place, words))
end

local function candidates(root, module, words)
  local command, arguments, waiting = walk(root, words)
  if waiting then
    return values_of(waiting, waiting._name, module, words)
  elseif words[#words]:sub(1, 1) == "-" then
    return names_of(command._options)
  elseif command._commands[1] then
    return names_of(command._commands)
  end
  local argument = command._arguments[arguments + 1]
  return argument and not argument._hidden and values_of(argument, argument._name, module, words) or {}
end

-- The words before the one that the cursor is in, the subcommand first.
local function before(words)
  local copy = {}
  for i = 1, #words - 1 do
    copy[i] = words[i]
  end
  return options.move_behind(copy)
end

--- Prints what could stand at the end of a command line.
-- @param argparse the module
-- @tparam {string,...} words after the command's name; the last one is the
--   one that the cursor is in, perhaps empty
-- @tparam table console
return function(argparse, words, console)
  if not words[1] then
    words = { "" }
  end
  local root, module = parser.new(argparse, before(words), console)
  local found = candidates(root, module, words)
  if found == FILES then
    console:write(FILES .. "\n")
    return
  end
  local current = words[#words]
  for _, candidate in ipairs(found) do
    if candidate[1]:sub(1, #current) == current then
      console:line("%s\t%s", candidate[1], candidate[2])
    end
  end
end
