--- The server's command line and environment.

local argparse = require "argparse"

local M = {}

local function whole(text)
  local number = tonumber(text)
  return number and math.floor(number)
end

local parser = argparse("server.lua", "A game whose players can recover their accounts.")
parser:option("--host", "Address to listen on.", "127.0.0.1")
parser:option("--port", "Port to listen on; 0 lets the system pick.", "4000", tonumber)
parser:option("--most-players", "Further ones are turned away.", "2000", tonumber)
parser:option("--tick", "Whole milliseconds from one tick to the next.", "20", whole)
parser:option("--budget", "Milliseconds of a tick that the network may take.", "1", tonumber)
parser:option("--calls", "Calls to the user pool at the same time.", "64", tonumber)
parser:option("--per-address", "Requests that one address may make at once.", "30", tonumber)
parser:option("--settle", "Seconds to whose multiples the time of an answer is rounded up.", "1", tonumber)
parser:option("--warm-up", "Seconds from the first request that are reported apart.", "2", tonumber)
parser:option("--grace", "Seconds that pending requests have at the end.", "5", tonumber)

--- Reads the command line; ends the program when it is wrong.
-- @tparam table argv
-- @treturn table
function M.parse(argv)
  return parser:parse(argv)
end

local function optional(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

local function required(name)
  return optional(name) or error(name .. " is not set: see README.md beside this program", 0)
end

-- While one secret replaces another, both: the newest, a blank, the older one.
local function client_secret()
  local value = optional "COGNITO_CLIENT_SECRET" -- unset for a public app client
  local newest, older = (value or ""):match "^(%S+) +(%S+)$"
  return newest and { newest, older } or value
end

--- The settings of the user pool's client.
-- @tparam cognito.Loop loop
-- @treturn table for `cognito.new`
-- @raise where the environment lacks one
function M.pool(loop)
  return {
    user_pool_id = required "COGNITO_USER_POOL_ID", -- the region follows from it
    client_id = required "COGNITO_CLIENT_ID",
    client_secret = client_secret(),
    endpoint = optional "COGNITO_ENDPOINT", -- unset for the service itself
    runtime = loop,
  }
end

return M
