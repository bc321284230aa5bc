--- Runs other clients beside ours, against the same server, and prints what
-- their calls cost:
--
--     run.lua DIRECTORY [quick]
--
-- DIRECTORY holds the C programs; the servers work below it. A client that is
-- not installed is left out with a sentence.

local figures = require "bench.figures"
local goals = require "bench.goals"
local npm = require "spec.support.npm"
local programs = require "bench.programs"
local same = require "bench.same"

local quick = arg[2] == "quick"

figures.judging = not quick
programs.directory, programs.lua, programs.rounds = arg[1], arg[-1], quick and 1 or 9

local UNSIGNED, SIGNED = "forgot_password", "admin_reset_user_password"

-- Keys and the region for those that have no program of their own; no file of
-- the user's, and no look for keys over the network.
local ENVIRONMENT = "env AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY "
  .. "AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null "
  .. "AWS_SHARED_CREDENTIALS_FILE=/dev/null "

local function calls(n)
  return math.max(math.floor(n * (quick and 0.005 or 1)), 2)
end

-- The first of some commands for which a test prints a line, and the line, a
-- version. Another Python than Debian's may come first, without Debian's packages.
local function first(candidates, test)
  for _, command in ipairs(candidates) do
    local line = programs.capture(("(%s) 2>/dev/null"):format(test:format(command))):match "[^\n]+"
    if line then
      return command, line
    end
  end
end

-- ---- the peers: `find` returns a command and a version, or nil and what to do ----

local function of_library(program, hint, command, version)
  if command then
    return ENVIRONMENT .. command .. " bench/peers/" .. program, version
  end
  return nil, hint
end

local function boto3()
  return of_library("boto3_calls.py", "install python3-boto3",
    first({ "python3", "/usr/bin/python3" }, "%s -c 'import boto3; print(boto3.__version__)'"))
end

local function sdk_for_javascript()
  local node = first({ "node" }, "%s --version && npm --version")
  if not node then
    return nil, "install nodejs and npm"
  end
  local ok, folder = pcall(npm.sdk)
  if not ok then
    return nil, folder
  end
  return of_library(("sdk_calls.js \"$PWD/%s\""):format(folder), "", "node --no-warnings", folder:match "%-([%d.]+)/")
end

-- Debian has it for LuaJIT, and not for Lua 5.4.
local function lua_http()
  local luajit = ("LUA_CPATH='%s/?.so;;' luajit"):format(os.getenv "LUAJIT_BUILD" or "build/luajit")
  return of_library("lua_http_calls.lua", "install lua-http",
    first({ luajit }, "%s -e 'require [[http.client]] print(require([[http.version]]).version)'"))
end

local function aws()
  local command, version = first({ "aws", "/usr/bin/aws" }, "%s --version")
  return command and ENVIRONMENT .. command, version or "install awscli"
end

local peers = {
  { name = "SDK for JavaScript", find = sdk_for_javascript, signs = true },
  { name = "boto3", find = boto3, signs = true },
  { name = "lua-http", find = lua_http },
  { name = "aws", find = aws, once = true },
}

local function find_peers()
  local found = {}
  for _, peer in ipairs(peers) do
    local text
    peer.command, text = peer.find()
    if peer.command then
      found[#found + 1] = peer
      print(("%s: %s"):format(peer.name, text))
    else
      print(("%s is left out, because it is not installed: %s"):format(peer.name, text))
    end
  end
  assert(found[1], "none of the other clients is installed")
  return found
end

-- ---- the parts of the report ----

local function authority(server)
  return server.directory .. "/authority.pem"
end

local function call_of(peer, server, n, operation, in_flight)
  return ("%s %s %s %d %s %d"):format(peer.command, server.url, authority(server), n, operation, in_flight)
end

-- A peer's figure divided by ours: above 1 where ours is the smaller.
local function print_peer(peer, theirs, ours, format, what)
  figures.print_row {
    name = peer.name, ours = theirs, c = ours, format = format, goal = what .. ", the best peer against ours",
  }
end

local function in_flight(found, n, cpu)
  return function(server)
    for _, operation in ipairs { UNSIGNED, SIGNED } do
      local program = n == 1 and "client" or "tasks"
      local commands = {
        ours = programs.on_cpu(cpu, programs.in_lua("calls.lua " .. program .. programs.arguments(
          server, calls(5000), operation, n))),
      }
      for _, peer in ipairs(found) do
        if not peer.once and (operation == UNSIGNED or peer.signs) then
          commands[peer.name] = programs.on_cpu(cpu, call_of(peer, server, calls(5000), operation, n))
        end
      end
      local all = programs.in_turns(commands)
      figures.print_head(("%d in flight, %s, CPU us a call"):format(n, operation), "peer", "ours")
      for _, peer in ipairs(found) do
        if all[peer.name] then
          print_peer(peer, all[peer.name][1], all.ours[1], "%.1f", ("%d in flight, CPU"):format(n))
        end
      end
    end
  end
end

local function aws_words(peer, server)
  return ("%s cognito-idp forgot-password --endpoint-url %s --ca-bundle %s --client-id 3n4b5urk1ft4fl3mg5e62d9ado "
    .. "--username alice@example.com"):format(peer.command, server.url, authority(server))
end

local function process(found)
  return function(server)
    local commands = { ours = programs.in_lua "once.lua" .. (" %s %s %s"):format(server.url, server.ca_path, UNSIGNED) }
    for _, peer in ipairs(found) do
      commands[peer.name] = peer.once and aws_words(peer, server) or call_of(peer, server, 1, UNSIGNED, 1)
    end
    local all = programs.processes(quick and 1 or 3, commands)
    for _, row in ipairs {
      { "wall, ms", "wall", 1000 }, { "CPU, ms", "cpu", 1000 }, { "peak memory, MiB", "memory", 1024 },
    } do
      figures.print_head("one call and exit, " .. row[1], "peer", "ours")
      for _, peer in ipairs(found) do
        print_peer(peer, figures.divided(all[peer.name][row[2]], row[3]), figures.divided(all.ours[row[2]], row[3]),
          "%.1f", "one call and exit, " .. row[1]:match "^[^,]+")
      end
    end
  end
end

-- Clients from npm that sign in by SRP: their programs, and a version of each.
local of_sign_in = {
  { name = "amazon-cognito-identity-js", version = "6.3.12", program = "sign_in.js" },
  { name = "cognito-srp-helper", version = "2.3.4", program = "sign_in_helper.js" },
}

-- A sign-in by SRP, whole but for the network.
local function sign_ins()
  local commands = { ours = programs.on_cpu(0, programs.in_lua("peers/sign_in.lua " .. calls(500))) }
  for _, peer in ipairs(of_sign_in) do
    local ok, folder = pcall(npm.folder, peer.name, peer.version)
    if ok then
      print(("%s: %s"):format(peer.name, peer.version))
      commands[peer.name] = programs.on_cpu(0, ("node bench/peers/%s \"$PWD/%s\" %d"):format(peer.program, folder,
        calls(20)))
    else
      print(("%s is left out: %s"):format(peer.name, folder))
    end
  end
  local all = programs.in_turns(commands)
  figures.print_head("a sign-in by SRP, CPU us", "peer", "ours")
  for _, peer in ipairs(of_sign_in) do
    if all[peer.name] then
      print_peer(peer, all[peer.name][1], all.ours[1], "%.0f", "a sign-in by SRP, CPU")
    end
  end
end

local function with_server(name, parts)
  same.with_server(programs.directory .. "/" .. name, 0, function(server)
    for _, part in ipairs(parts) do
      part(server)
    end
  end)
end

local found = find_peers()
with_server("peers", { in_flight(found, 1, 0), in_flight(found, 16, 1), process(found) })
sign_ins()
print("\n" .. goals.report("peers", not quick))
