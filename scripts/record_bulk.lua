--- record_bulk.lua: types a bulk job at a terminal, against the local user
-- pool, and prints what the screen showed. docs/bulk_session.txt was made so:
--
--     lua5.4 scripts/record_bulk.lua >docs/bulk_session.txt
--
-- with LUA_PATH and LUA_CPATH as `make spec` sets them.

local command = require "spec.support.command"
local sandbox_process = require "spec.support.sandbox_process"

local USERS = 400
local COLUMNS = 100

local process = sandbox_process.start "--existence-errors LEGACY"
local env = command.into(process, { LOGNAME = "grace", NO_COLOR = "1", COGNITO_BULK_JOURNAL = os.tmpname() })
env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = nil -- a bulk job wants it named
os.remove(env.COGNITO_BULK_JOURNAL)

-- A few users that a reset is not for, and one that is in the list twice.
local function add_users(path)
  local file = assert(io.open(path, "w"))
  file:write "username,email\n"
  for i = 1, USERS do
    local name = ("user%03d"):format(i)
    local email = name .. "@example.com"
    process:post("/users", { username = name, email = i % 97 == 0 and "attacker@example.net" or email,
      status = i % 50 == 0 and "EXTERNAL_PROVIDER" or nil, enabled = i % 75 ~= 0 })
    file:write(name, ",", email, "\n")
  end
  file:write "user007,user007@example.com\nnobody,nobody@example.com\n"
  file:close()
end

-- Of the lines that were drawn over each other: the first one, the last one,
-- and what took their place.
local function settled(screen)
  return (screen:gsub("[^\n]*\27%[K[^\n]*", function(line)
    local frames = {}
    for frame in (line:gsub("\27%[K", "") .. "\r"):gmatch "([^\r]*)\r" do
      if frame ~= "" and frame ~= frames[#frames] then frames[#frames + 1] = frame end
    end
    local n = #frames
    return table.concat({ frames[1], n > 2 and frames[n - 1] or frames[2], n > 2 and frames[n] or nil }, "\n")
  end))
end

-- The recording leaves the endpoint out, because no reader needs it.
local function show(line, steps)
  local words = {}
  for word in line:gmatch "%S+" do words[#words + 1] = word end
  if line:find "^bulk plan" or line:find "^bulk run" or line:find "^bulk resume" then
    words[#words + 1] = "--endpoint=" .. process.settings.url
  end
  local result = command.on_terminal(words, { env = env, columns = COLUMNS, steps = steps })
  io.write("$ cognito ", line, "\n", (settled(result.screen):gsub(env.COGNITO_BULK_JOURNAL, "/srv/ops/reset.db")), "\n")
  return result.screen
end

local list = "users.csv"
add_users(list)
local hash = show("bulk plan reset users.csv --expect-email email"):match "plan      (%x+)"
show("bulk approve", { { "expect", "approve: " }, { "type", hash:sub(1, 8) .. "\n" } })
show "bulk run --limit 50 --hold --rate 50 --builtin-mail"
show("bulk resume", { { "expect", " 1" }, { "expect", " done" }, { "expect", " 2" }, { "type", "\3" } })
show "bulk resume"
show "bulk status"
io.write("$ cognito bulk report | tail -n 4\n")
local lines = {}
for line in command.run({ "bulk", "report" }, { env = env }).out:gmatch "[^\n]+" do lines[#lines + 1] = line end
io.write(table.concat(lines, "\n", #lines - 3), "\n")

os.remove(list)
os.remove(env.COGNITO_BULK_JOURNAL)
process:stop()
