-- Common parts of the scenarios over loopback: the server's address, and the bytes that it
-- has seen.
local core = require "cognito.core"

local M = {}

local url = assert(os.getenv "TORTURE_URL", "start it with spec/torture/run.py")
local ca_file = os.getenv "TORTURE_CA" -- none: plain HTTP

M.endpoint = url
M.http_options = { timeout = 5, ca_file = ca_file }
M.loop_options = { ca_file = ca_file, ca_path = not ca_file and "/" or nil } -- not what the environment names

local seen -- requests before the one that fails
local ours -- since then, those that it may have seen

local function requests()
  local http = core.http(M.http_options)
  local reply = assert(http:send { method = "GET", url = url .. "/stats" })
  http:close()
  return tonumber(reply.body)
end

--- To call before a run.
function M.before()
  seen, ours = requests(), 0
end

--- To call for each reply, and for each error that says it was sent.
function M.count()
  ours = ours + 1
end

--- The fault of a network error: it may not say that nothing was sent
-- when the server has seen it.
-- @return nil when nothing is
function M.judge(err, sent)
  if err.kind ~= "network" then
    return ("%s (%s): %s"):format(err.code, err.kind, err.message)
  end
  if not sent and requests() > seen + ours then
    return err.code .. ": it was sent, but the error says that it was not: " .. err.message
  end
end

return M
