--- The commands of a page of documentation, run word for word as a person
-- types them: by a shell, on a terminal, in a folder with the page's files.

local command = require "spec.support.command"
local core = require "cognito.core"
local lfs = require "lfs"

local M = {}

local Shell = {}
Shell.__index = Shell

-- Where `cognito` stands: the sandbox's endpoint is named, as a job wants it
-- from the command line, and no pace is waited for.
local WRAPPER = [[
#!/bin/sh
for word do
  shift
  [ "$previous" = --rate ] && word=2000
  previous=$word
  set -- "$@" "$word"
done
case $2 in
  plan | run | resume) set -- "$@" --endpoint %q
esac
case $2 in
  run | resume) case " $* " in *" --rate "*) ;; *) set -- "$@" --rate 2000 ;; esac
esac
exec %q %q "$@"
]]

--- The commands in a page's blocks, by section.
-- @tparam string path
-- @treturn table from the section's title to its lines
-- @treturn {string,...} commands in the text around them
function M.of(path)
  local blocks, inline, section, is_fenced = {}, {}, nil, false
  for line in io.lines(path) do
    section = line:match "^#+ (.*)" or section
    is_fenced = is_fenced ~= (line:sub(1, 3) == "```")
    local typed = not is_fenced and line:match "^    +(%l.*)$"
    if typed and (typed:find "^cognito " or typed:find "^export ") then
      blocks[section] = blocks[section] or {}
      table.insert(blocks[section], typed)
    else
      for code in line:gmatch "`(cognito [^`]*)`" do inline[#inline + 1] = code end
    end
  end
  return blocks, inline
end

--- A shell in a folder of its own.
-- @tparam table process a sandbox
-- @tparam[opt] table env more variables
-- @treturn table
function M.shell(process, env)
  local folder = os.tmpname()
  os.remove(folder)
  assert(lfs.mkdir(folder))
  assert(lfs.mkdir(folder .. "/bin"))
  local self = setmetatable({ folder = folder, exports = {}, env = command.into(process, {
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = false, LOGNAME = "grace", PATH = folder .. "/bin:" .. os.getenv "PATH",
  }) }, Shell)
  for name, value in pairs(env or {}) do self.env[name] = value or nil end
  self:write("bin/cognito", WRAPPER:format(process.settings.url, command.interpreter(),
    lfs.currentdir() .. "/bin/cognito"), "755")
  return self
end

--- Writes a file of the page.
-- @tparam string name
-- @tparam string text
-- @tparam[opt] string mode for chmod
function Shell:write(name, text, mode)
  local file = assert(io.open(self.folder .. "/" .. name, "w"))
  file:write(text)
  file:close()
  if mode then
    core.run { "chmod", mode, self.folder .. "/" .. name }
  end
end

--- Reads one.
-- @tparam string name
-- @treturn ?string
function Shell:read(name)
  local file = io.open(self.folder .. "/" .. name)
  local text = file and file:read "*a"
  return file and file:close() and text
end

-- A person's answers.
local function answers_to(line)
  if line:find "bulk approve" then
    return { { "expect", "to approve: " }, { "copy", "plan +([0-9a-f]{64})" } }
  elseif line:find "bulk purge" then
    return { { "expect", "to remove it: " }, { "type", "purge\n" } }
  end
  return {}
end

--- Types a line, and answers what it asks.
-- @tparam string line
-- @treturn string the screen
-- @treturn number the exit status
function Shell:run(line)
  if line:find "^export " then
    table.insert(self.exports, line)
    return "", 0
  end
  local script = ("cd '%s'\n%s\n%s"):format(self.folder, table.concat(self.exports, "\n"), line)
  local result = command.on_terminal({ script }, {
    command = { "sh", "-c" }, env = self.env, steps = answers_to(line), seconds = 60,
  })
  assert(not result.hung, result.screen)
  return result.screen, result.status
end

--- Removes its folder.
function Shell:close()
  core.run { "rm", "-rf", self.folder }
end

return M
