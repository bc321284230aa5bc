--- Files and commands, for scripts that run before anything is built.

local M = {}

--- The text of a file.
-- @tparam string path
-- @treturn ?string nil where there is none that can be read, as of a folder
function M.read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a"
  if file then file:close() end
  return text
end

--- Writes a file.
-- @tparam string path
-- @tparam string text
-- @raise where it cannot be written
function M.write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

--- The output of a command.
-- @tparam string command for the shell
-- @treturn string
-- @treturn boolean whether it succeeded; Lua 5.1 does not tell
function M.output_of(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*a"
  return text, pipe:close() == true
end

--- The lines that a command prints.
-- @tparam string command for the shell
-- @treturn {string,...}
-- @treturn boolean whether it succeeded; Lua 5.1 does not tell
function M.lines_of(command)
  local text, ok = M.output_of(command)
  local lines = {}
  for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return lines, ok
end

--- A word for the shell.
-- @tparam string word
-- @treturn string
function M.quote(word)
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

return M
