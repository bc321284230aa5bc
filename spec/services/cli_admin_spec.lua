-- docs/admin.md, the section on several workers, typed word for word: two
-- machines, one job in a PostgreSQL database.
local page_commands = require "spec.support.page_commands"
local postgres = require "spec.support.postgres"
local sandbox_process = require "spec.support.sandbox_process"
local socket = require "socket"

local USERS = 20

local function free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return tonumber(port)
end

describe("docs/admin.md", function()
  local server, process, shells

  setup(function()
    local port = free_port()
    server = postgres.new { port = port }
    server:psql "CREATE ROLE admin LOGIN"
    server:psql "CREATE DATABASE ops OWNER admin"
    process = sandbox_process.start "--existence-errors LEGACY --mail developer"
    -- The page's host: libpq connects to this address instead of looking its name up.
    local env = { PGHOSTADDR = "127.0.0.1", PGPORT = ("%d"):format(port) }
    shells = { page_commands.shell(process, env), page_commands.shell(process, env) }
  end)

  teardown(function()
    for _, shell in ipairs(shells) do shell:close() end
    process:stop()
    server:remove()
  end)

  it("has several workers on one job", function()
    local lines, expected = { "username" }, {}
    for i = 1, USERS do
      local name = "u" .. i
      process:post("/users", { username = name, email = name .. "@example.com" })
      lines[i + 1], expected[name] = name, 1
    end
    shells[1]:write("users.csv", table.concat(lines, "\n") .. "\n")
    local typed = page_commands.of("docs/admin.md")["Several workers"]
    assert.same({ "export", "cognito", "cognito" },
      { typed[1]:match "^%w+", typed[2]:match "^%w+", typed[3]:match "^%w+" })
    assert.equal(3, #typed)
    for i, line in ipairs(typed) do
      local screen, status = shells[1]:run(i == 3 and line:gsub("run", "run --limit 5") or line)
      assert.equal(0, status, line .. "\n" .. screen)
    end
    shells[2]:run(typed[1])
    assert.equal(0, select(2, shells[2]:run "cognito bulk resume --only"))
    local screen, status = shells[2]:run(typed[3])
    assert.equal(0, status, screen)
    assert.same(expected, process:get("/executions").admin_reset_user_password.users)
    assert.equal("1", server:psql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%spring%'", "ops"))
  end)
end)
