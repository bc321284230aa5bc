--- Where a command's output goes: data to standard output, everything else to
-- standard error, and nothing to a terminal that it could obey.
-- @module cognito.cli.console

local json = require "cognito.cli.json"
local native = require "cognito.native"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"

local M = {}

-- LuaJIT's compiled code repeats a write that has failed; the second one finds
-- the buffer empty and passes for a success.
if jit then
  jit.off(true, true)
end

local BROKEN_PIPE = 32 -- EPIPE, on every system that we know

local styles = { bold = "1", red = "1;31", green = "32", yellow = "33", dim = "2" }

local console = {}
local console_mt = { __index = console, __name = "cognito.cli.console" }

-- ---- colours ----

-- NO_COLOR counts when it is not empty (no-color.org).
local function allows_colours(options, env)
  return not options.no_color and (env "NO_COLOR" or "") == "" and env "TERM" ~= "dumb"
end

--- A text in a colour, where a terminal shows it and colours are on.
-- @tparam integer fd where the text goes: 1 or 2
-- @tparam string style bold, red, green, yellow, dim
-- @tparam string shown what our own program wrote, or is clean
-- @treturn string
function console:paint(fd, style, shown)
  if self.colours and self:is_terminal(fd) then
    return ("\27[%sm%s\27[0m"):format(styles[style], shown)
  end
  return shown
end

--- Whether a person looks at it.
-- @tparam integer fd
-- @treturn boolean
function console:is_terminal(fd)
  return native.is_terminal(fd)
end

--- The columns of the terminal.
-- @tparam integer fd
-- @treturn[1] integer at least 1
-- @treturn[2] nil where there is none, or it does not say
function console:columns(fd)
  if not native.is_terminal(fd) then
    return nil
  end
  local told = tonumber(self.env "COLUMNS" or "")
  return told and told >= 1 and math.floor(told) or native.terminal_width(fd)
end

-- ---- data ----

-- A reader that has gone has seen enough; any other failure loses data.
local function check(written, message, errno)
  if written then
    return
  elseif errno == BROKEN_PIPE then
    stop.quietly(stop.DONE)
  end
  stop.failed("the output cannot be written: " .. tostring(message))
end

--- Writes data as it is.
-- @tparam string data clean already
function console:write(data)
  check(io.stdout:write(data))
end

--- Writes what is still held back.
function console:flush()
  check(io.stdout:flush())
end

local function formatted(format, ...)
  local values = { ... }
  for i = 1, select("#", ...) do
    if type(values[i]) == "string" then
      values[i] = text.clean(values[i])
    end
  end
  return format:format((unpack or table.unpack)(values, 1, select("#", ...)))
end

--- Writes a line of data. Strings among the values are cleaned.
-- @tparam string format as for `string.format`
-- @param ... values
function console:line(format, ...)
  self:write(formatted(format, ...) .. "\n")
end

--- Writes an object as a line of JSON.
-- @tparam table value
-- @tparam[opt] table members see `cognito.cli.json`
function console:object(value, members)
  self:write(json.line(value, members) .. "\n")
end

-- ---- everything else ----

--- Tells the person at the terminal something: a line on standard error. With
-- `--json` only programs listen: then it is not said.
-- @tparam string format as for `string.format`
-- @param ... values
function console:tell(format, ...)
  if not self.json then
    io.stderr:write(formatted(format, ...), "\n")
  end
end

-- What may stand in a report of an error: everything but the request.
local FIELDS = {
  "code", "reason", "message", "hint", "operation", "field", "kind", "status", "request_id", "attempts",
  "retryable", "ambiguous", "partial",
}

--- What may be shown of an error, as JSON.
-- @tparam table err
-- @treturn table
function M.facts(err)
  local shown = {}
  for _, name in ipairs(FIELDS) do
    shown[name] = err[name]
  end
  return shown
end

local function facts_of(err)
  local facts = {}
  if err.status then facts[#facts + 1] = "HTTP " .. err.status end
  if err.request_id then facts[#facts + 1] = "request id " .. err.request_id end
  if err.attempts and err.attempts > 1 then facts[#facts + 1] = err.attempts .. " attempts" end
  if err.ambiguous then facts[#facts + 1] = "it may have been carried out" end
  return facts[1] and (" (%s)"):format(table.concat(facts, ", ")) or ""
end

local ours = { usage = true, failed = true }

--- Reports an error on standard error: the message, then the hint on a line
-- of its own; with `--json` one object.
-- @tparam table err `code`, `message`, `hint`, and more of a cognito.Error
function console:report(err)
  if self.json then
    io.stderr:write(json.line { error = M.facts(err) }, "\n")
    return
  end
  local code = ours[err.code] and "" or err.code .. ": "
  io.stderr:write(self:paint(2, "red", "cognito:"), " ", text.clean(code .. (err.message or "") .. facts_of(err)), "\n")
  if err.hint then
    io.stderr:write(text.clean(err.hint), "\n")
  end
end

--- Makes a console.
-- @tparam[opt] table options `json`, `no_color`
-- @tparam[opt=os.getenv] function env
-- @treturn table console
function M.new(options, env)
  options, env = options or {}, env or os.getenv
  return setmetatable({ json = options.json, env = env, colours = allows_colours(options, env) }, console_mt)
end

return M
