--- Every function and method of the core, with receivers and arguments that may
-- be wrong, several calls on the same objects.

local check = require "spec.fuzz.support.check"
local core = require "cognito.core"
local readers = require "spec.fuzz.support.reader"

local MOST = 24 -- calls

-- Functions that wait, run programs, write files, or change the process.
local elsewhere = {
  sleep = true, run = true, start = true, lock = true, write_private = true, read_line = true, read_secret = true,
  write_descriptor = true, catch_signals = true, no_core_dumps = true, rsa_key = true,
}

local key = core.rsa_key()
local URL = "http://127.0.0.1:1/" -- no one listens there

local function new_http()
  return core.http { proxy = "http://127.0.0.1:1", timeout = 1, connect_timeout = 0.1 }
end

-- ---- functions ----

local functions, names = {}, {}

local function add(prefix, list)
  for name, f in pairs(list) do
    if type(f) == "function" and not (prefix == "" and elsewhere[name]) then
      functions[prefix .. name], names[#names + 1] = f, prefix .. name
    end
  end
end

add("", core)
for name, object in pairs { http = new_http(), exchange = core.exchange(), srp = core.srp(), key = key,
  caller = core.caller {}, http1 = core.http1(1000) } do
  local metatable = getmetatable(object)
  add(name .. ".", metatable)
  add(name .. ":", type(metatable.__index) == "table" and metatable.__index or {})
end
table.sort(names)

-- ---- arguments ----

local operations = { "forgot_password", "admin_get_user", "list_users", "no_such_operation" }

local makers = {
  function(objects, reader) return reader:one(objects) end,
  function(objects, reader) return reader:one(objects) end,
  function(_, reader) return reader:value() end,
  function(_, reader) return reader:one(operations) end,
  function(_, reader) return { method = "GET", url = URL, headers = { { "X-A", reader:text() } }, body = "" } end,
  function(_, reader)
    return { status = reader:number(), headers = { ["x-a"] = reader:value() }, body = reader:text() }
  end,
  function(_, reader) return { username = reader:text(), user_pool_id = "eu-west-1_A", client_id = "c" } end,
  function(objects, reader)
    return { endpoint = URL, region = "eu-west-1", client_id = "c", http = reader:one(objects), time = reader:number(),
      credentials = { access_key_id = "AKIA", secret_access_key = reader:text() } }
  end,
  function(_, reader) return { [reader:one { "timeout", "max_idle", "timings", "direct" }] = reader:value() } end,
}

-- A request to anywhere else is none of ours.
local function leads_elsewhere(value)
  if type(value) == "string" then
    return value ~= URL and core.read_url(value) ~= nil
  elseif type(value) == "table" then
    return leads_elsewhere(rawget(value, "url")) or leads_elsewhere(rawget(value, "endpoint"))
  end
  return false
end

local function arguments_of(objects, reader)
  local list, n = {}, reader:byte() % 6
  for i = 1, n do
    list[i] = reader:one(makers)(objects, reader)
    if leads_elsewhere(list[i]) then list[i] = nil end
    if type(list[i]) == "number" and list[i] > 0 then list[i] = list[i] % 3 end -- a step may wait so long
    if type(list[i]) == "string" then list[i] = list[i]:sub(1, 2000) end
  end
  return list, n
end

local unpack = unpack or table.unpack -- luacheck: ignore

local function keep(objects, ok, ...)
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if ok and (type(value) == "userdata" or type(value) == "table") and #objects < 24 then
      objects[#objects + 1] = value
    end
  end
  if not ok then
    check.is_complaint((...))
  end
end

return function(bytes)
  local reader = readers.new(bytes)
  local http = new_http()
  local objects = { http, core.exchange(), core.caller { endpoint = URL, region = "eu-west-1" }, core.srp(), key,
    core.exchange(), core.http1(1000) }
  for _ = 1, MOST do
    if reader:is_done() then break end
    local name = names[(reader:byte() * 256 + reader:byte()) % #names + 1]
    local list, n = arguments_of(objects, reader)
    keep(objects, pcall(functions[name], unpack(list, 1, n)))
  end
  http:close()
  for _, object in ipairs(objects) do
    assert(type(tostring(object)) == "string")
  end
end
