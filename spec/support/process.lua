--- Programs that specs run: words for a shell, files for what goes in and comes
-- out, and processes that end with the specs.

local core = require "cognito.core"

local M = {}

local SECONDS = 60 -- after which a process has hung; a busy machine takes its time

--- The interpreter that runs the specs: the first word of its command line.
-- @treturn string
function M.interpreter()
  local first = 0
  while arg[first - 1] do first = first - 1 end
  return arg[first]
end

--- A word for the shell.
-- @tparam string|number word
-- @treturn string
function M.quote(word)
  return "'" .. tostring(word):gsub("'", [['\'']]) .. "'"
end

--- Words for the shell.
-- @tparam {string,...} words
-- @treturn string
function M.words(words)
  local quoted = {}
  for i, word in ipairs(words) do quoted[i] = M.quote(word) end
  return table.concat(quoted, " ")
end

--- Variables, as the shell and env take them.
-- @tparam ?table variables values by name
-- @treturn string
function M.assignments(variables)
  local words = {}
  for name, value in pairs(variables or {}) do words[#words + 1] = name .. "=" .. M.quote(value) end
  return table.concat(words, " ")
end

--- A file that holds a text.
-- @tparam string text
-- @tparam[opt] string path a new one in the folder for temporary files unless given
-- @treturn string its path
function M.write(text, path)
  path = path or os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  return path
end

--- The text of a file.
-- @tparam string path
-- @treturn ?string nil where there is none
function M.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read "*a"
  file:close()
  return text
end

--- The text of a file, which is then removed.
-- @tparam string path
-- @treturn ?string
function M.take(path)
  local text = M.read(path)
  os.remove(path)
  return text
end

--- Runs a command to its end.
-- @tparam string command for the shell
-- @treturn string what it printed
-- @treturn integer its exit status
function M.output_of(command)
  local pipe = assert(io.popen(("( %s\n); code=$?; echo; echo $code"):format(command)))
  local output = pipe:read "*a"
  pipe:close()
  local text, status = output:match "^(.*)\n(%d+)\n$"
  return text, tonumber(status)
end

--- Waits until a function returns something.
-- @tparam function look
-- @tparam string|function what it waits for; a function is asked in the end
-- @tparam[opt=60] number seconds
-- @return what it returned
function M.wait_for(look, what, seconds)
  local deadline = core.clock() + (seconds or SECONDS)
  repeat
    local found = look()
    if found then return found end
    core.sleep(0.005)
  until core.clock() > deadline
  error("waited in vain for " .. (type(what) == "function" and what() or what), 0)
end

local Process = {}
Process.__index = Process

-- A shell ends the command when its own input does, whatever the command is at:
-- LuaSec 1.3 can loop for ever in a handshake that was refused. The command may
-- watch the same input.
local KEEPER = "exec 3<&0; >%s %s <&3 3<&- & exec 3<&- 2>/dev/null; read _; %s; wait $!"

--- Waits for the end of a process that is not our child. No one may reap it.
function M.wait_for_end(pid)
  return M.wait_for(function()
    local stat = M.read(("/proc/%d/stat"):format(pid))
    return not stat or stat:find "%) Z"
  end, "the end of process " .. pid)
end

--- Starts a command. It outlives neither `stop` nor this process.
-- @tparam string command for the shell: one program, with redirections if any
-- @tparam[opt] table options `ends`: it ends with its standard input, so that
--   no shell has to; `kill`, how the shell does it
-- @treturn table process
function M.start(command, options)
  options = options or {}
  local output = os.tmpname()
  local line = options.ends and ("exec >%s %s"):format(output, command)
    or KEEPER:format(output, command, options.kill or "kill $!")
  return setmetatable({ pipe = assert(io.popen(line, "w")), output = output }, Process)
end

--- Its output so far.
-- @treturn string
function Process:printed()
  return M.read(self.output)
end

--- Waits until it has printed something; ends it where it does not.
-- @tparam string|function pattern of what it prints, or a function of all that it has printed
-- @tparam string name of the command
-- @tparam[opt=60] number seconds
-- @return what the pattern captures, or the function returns
function Process:await(pattern, name, seconds)
  local ok, found = pcall(M.wait_for, function()
    local text = self:printed()
    if type(pattern) == "function" then return pattern(text) end
    return text:match(pattern)
  end, function() return name .. " to start: " .. self:printed() end, seconds)
  if ok then return found end
  self:stop()
  error(found, 0)
end

--- Ends it and waits for that.
-- @treturn string all that it has printed
function Process:stop()
  self.pipe:close()
  return M.take(self.output)
end

return M
