--- The program of the sandbox's container: `cognito sandbox`, whose options may also come
-- from the environment. COGNITO_SANDBOX_CODE=135790 is --code 135790; a variable of an
-- option that may be repeated holds several values between blanks, and one of a flag
-- true or false. Arguments come before variables.
local argparse = require "argparse"
local cli = require "cognito.cli"
local native = require "cognito.native"
local parser = require "cognito.cli.parser"

local PREFIX = "COGNITO_SANDBOX_"

-- A container is reached from outside, so there is no choice about these.
local fixed = { allow_remote = true, exit_with_stdin = true, h = true }

local is_on = { ["1"] = true, ["true"] = true, yes = true, ["0"] = false, ["false"] = false, no = false }

local function refuse(...)
  io.stderr:write("sandbox: ", string.format(...), "\n")
  os.exit(2)
end

-- The options of `cognito sandbox` by the ends of their variables' names.
local function options_by_name()
  local root = parser.new(argparse, { "sandbox" }, { columns = function() return nil end })
  local options, names = {}, {}
  for _, command in ipairs(root._commands) do
    for _, option in ipairs(command._name == "sandbox" and command._options or {}) do
      local name = option._name:gsub("^%-+", ""):gsub("%-", "_")
      if not fixed[name] then
        options[name] = option
        names[#names + 1] = PREFIX .. name:upper()
      end
    end
  end
  return options, names
end

-- A process's variables, which Lua has no list of.
local function variables()
  local found = {}
  local file = assert(io.open("/proc/self/environ", "rb"))
  for name, value in (file:read "*a" .. "\0"):gmatch("(" .. PREFIX .. "[^=]*)=(%Z*)%z") do
    found[#found + 1] = { name = name, value = value }
  end
  file:close()
  return found
end

local function is_given(words, option)
  for _, word in ipairs(words) do
    if word == option or word:sub(1, #option + 1) == option .. "=" then
      return true
    end
  end
  return false
end

local function add_flag(words, option, variable)
  local on = is_on[variable.value]
  if on == nil then
    refuse("%s is true or false, not %s", variable.name, variable.value)
  elseif on then
    words[#words + 1] = option
  end
end

local function add(words, option, variable)
  if option._maxargs == 0 then
    return add_flag(words, option._name, variable)
  end
  local is_list = option._maxcount > 1
  for value in variable.value:gmatch(is_list and "%S+" or ".+") do
    words[#words + 1] = option._name .. "=" .. value
  end
end

local function words_of(argv)
  local options, names = options_by_name()
  local words = { "sandbox", "--allow-remote" }
  for _, variable in ipairs(variables()) do
    local option = options[variable.name:sub(#PREFIX + 1):lower()]
    if not option then
      local nearest = native.nearest(variable.name, names)
      refuse("there is no setting %s%s", variable.name, nearest and "; did you mean " .. nearest .. "?" or "")
    elseif variable.value ~= "" and not is_given(argv, option._name) then
      add(words, option, variable)
    end
  end
  if not is_given(words, "--listen") and not is_given(argv, "--listen") then
    words[#words + 1] = "--listen=0.0.0.0"
  end
  for _, word in ipairs(argv) do
    words[#words + 1] = word
  end
  return words
end

os.exit(cli.main(words_of(arg)))
