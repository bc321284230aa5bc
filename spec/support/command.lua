--- Runs `cognito` as people do: as a process, with arguments, an environment,
-- descriptors, and where it matters a terminal.

local cjson = require "cjson"
local core = require "cognito.core"
local process = require "spec.support.process"

local M = {}

--- The interpreter that runs the specs.
-- @treturn string
M.interpreter = process.interpreter

-- Nothing of the machine's own: no credentials, no files, no metadata.
local bare = {
  HOME = "/nonexistent", AWS_EC2_METADATA_DISABLED = "true", TERM = "xterm", NO_COLOR = "", COLUMNS = "",
}

local cleared = {
  "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_CA_BUNDLE", "COGNITO_USER_POOL_ID",
  "COGNITO_CLIENT_ID", "COGNITO_CLIENT_SECRET", "COGNITO_CODE", "COGNITO_MFA_CODE", "COGNITO_PASSWORD",
  "COGNITO_NEW_PASSWORD",
  "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
}

local function environment(more)
  local variables = {}
  for name, value in pairs(bare) do variables[name] = value end
  for name, value in pairs(more or {}) do variables[name] = value end
  return variables
end

--- The variables that lead to a sandbox.
-- @tparam table sandbox from spec.support.sandbox_process
-- @tparam[opt] table more variables; false leaves one out
-- @treturn table
function M.into(sandbox, more)
  local variables = {}
  for name, value in pairs(sandbox.settings) do
    if name:find "^[A-Z]" then variables[name] = value end
  end
  for name, value in pairs(more or {}) do variables[name] = value or nil end
  return variables
end

local function assignments(variables)
  return "-u " .. table.concat(cleared, " -u ") .. " " .. process.assignments(variables)
end

-- Runs the words behind it, and says on standard error how much memory the
-- largest of them took.
local PEAK = [[python3 -c '
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)']]

--- Runs it to its end, without a terminal.
-- @tparam {string,...} args
-- @tparam[opt] table options `env`; `stdin`, a text (else nothing is there);
--   `fds`, texts by descriptor; `stdout`, where it goes instead (a path); `peak`
-- @treturn table `{ status, out, err }`, with `peak` that of its memory in KiB
function M.run(args, options)
  options = options or {}
  local out, err = os.tmpname(), os.tmpname()
  local inputs, redirections = {}, {}
  for fd = 3, 9 do -- whatever is open where the specs run
    redirections[#redirections + 1] = fd .. "<&-"
  end
  for fd, text in pairs(options.fds or {}) do
    inputs[#inputs + 1] = process.write(text)
    redirections[#redirections + 1] = ("%d<%s"):format(fd, inputs[#inputs])
  end
  inputs[#inputs + 1] = process.write(options.stdin or "")
  -- setsid: no terminal to ask on, wherever the specs run.
  local _, status = process.output_of(("%s env %s setsid -w timeout 60 %s bin/cognito %s <%s >%s 2>%s %s"):format(
    options.peak and PEAK or "", assignments(environment(options.env)), process.quote(process.interpreter()),
    process.words(args), inputs[#inputs], options.stdout or out, err, table.concat(redirections, " ")))
  for _, path in ipairs(inputs) do os.remove(path) end
  local result = { status = status, out = process.take(out), err = process.take(err) }
  if options.peak then
    result.peak = tonumber(result.err:match "(%d+)\n$")
  end
  return result
end

--- Starts it without a terminal; it comes to its end within a minute.
-- @tparam {string,...} args
-- @tparam string redirections of descriptors, for the shell
-- @tparam[opt] table env
-- @treturn table process, of spec.support.process
function M.start(args, redirections, env)
  return process.start(("env %s setsid -w timeout 60 %s bin/cognito %s 2>&1 %s"):format(assignments(environment(env)),
    process.quote(process.interpreter()), process.words(args), redirections), { ends = true })
end

--- Runs it on a terminal.
-- @tparam {string,...} args
-- @tparam[opt] table options `env`, and what spec/support/pty.py takes
-- @treturn table what it answers
function M.on_terminal(args, options)
  local order = { argv = { "env" } }
  for name, value in pairs(options or {}) do order[name] = value end
  for _, name in ipairs(cleared) do
    table.insert(order.argv, "-u")
    table.insert(order.argv, name)
  end
  for name, value in pairs(environment(order.env)) do table.insert(order.argv, name .. "=" .. value) end
  for _, word in ipairs(order.command or { process.interpreter(), "bin/cognito" }) do table.insert(order.argv, word) end
  for _, word in ipairs(args) do table.insert(order.argv, word) end
  order.env, order.command = nil, nil
  local path = process.write(cjson.encode(order))
  local answer = process.output_of("python3 spec/support/pty.py <" .. path)
  os.remove(path)
  return cjson.decode(answer)
end

--- A folder with a `cognito` in it, as it would be installed.
-- @treturn string path; the caller removes it
function M.installed()
  local folder = os.tmpname()
  os.remove(folder)
  core.run { "mkdir", folder }
  process.write(("#!/bin/sh\nexec '%s' bin/cognito \"$@\"\n"):format(M.interpreter()), folder .. "/cognito")
  core.run { "chmod", "+x", folder .. "/cognito" }
  return folder
end

return M
