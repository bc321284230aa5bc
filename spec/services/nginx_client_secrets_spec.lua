--- Two client secrets inside a real nginx: the service takes one, both, the
-- other, neither, and changes that while calls are in flight. The service is
-- a second server of the same nginx, which counts what it carries out.

local nginx = require "spec.support.nginx"

local SERVICE = [[
  local cjson, core = require "cjson", require "cognito.wire"
  local state = ngx.shared.service
  ngx.req.read_body()
  local given = cjson.decode(ngx.req.get_body_data())
  local number, taken = state:incr("requests", 1, 0), state:get "taken"
  ngx.sleep((number % 7 + 1) / 500) -- answers overtake each other
  if state:get "changes" then
    local phases, at = { "new old", "old", "new old", "new" }, math.floor(number / state:get "changes")
    taken = phases[at % #phases + 1]
  end
  ngx.header["Content-Type"] = "application/x-amz-json-1.1"
  for name in taken:gmatch "%a+" do
    if core.secret_hash(given.Username, "client", name) == given.SecretHash then
      state:incr(given.Username, 1, 0)
      return ngx.print "{}"
    end
  end
  state:incr("refused", 1, 0)
  ngx.status = 400
  ngx.print '{"__type":"NotAuthorizedException","message":"Unable to verify secret hash for client client"}'
]]

-- As many calls as `n` says, `width` at a time; each for a user of its own.
local CALLS = [[
  local state = ngx.shared.service
  state:flush_all()
  state:set("taken", ngx.unescape_uri(ngx.var.arg_taken))
  state:set("changes", tonumber(ngx.var.arg_changes))
  local n, width, failed, begun = tonumber(ngx.var.arg_n), tonumber(ngx.var.arg_width), {}, 0
  local pool = require("cognito").new { region = "eu-west-1", client_id = "client", client_secret = { "new", "old" },
    endpoint = "http://127.0.0.1:" .. ngx.var.server_port .. "/service/", max_attempts = tonumber(ngx.var.arg_most) }
  local threads = {}
  for i = 1, width do
    threads[i] = ngx.thread.spawn(function()
      while begun < n do
        begun = begun + 1
        local user = "user" .. begun
        local result, err = pool:forgot_password { username = user }
        local done = state:get(user) or 0
        if not result then failed[#failed + 1] = err.attempts .. (err.ambiguous and "?" or "") end
        if done ~= (result and 1 or 0) then failed[#failed + 1] = user .. " got " .. done end
      end
    end)
  end
  for _, thread in ipairs(threads) do ngx.thread.wait(thread) end
  local how = table.concat(failed, ",", 1, math.min(#failed, 9))
  ngx.say(state:get "requests", " ", state:get "refused" or 0, " ", #failed, " ", how)
]]

describe("two client secrets in nginx", function()
  local server

  setup(function()
    server = nginx.start {
      http = "lua_shared_dict service 1m;",
      server = ([[
        location = /service/ { content_by_lua_block { %s } }
        location = /calls { content_by_lua_block { %s } }
      ]]):format(SERVICE, CALLS),
    }
  end)

  teardown(function()
    if server then server:stop() end
  end)

  -- Requests of the service, refusals among them, failed calls and how.
  local function calls(query)
    local requests, refused, failed, how = server:get("/calls?" .. query):match "^(%d+) (%d+) (%d+) (%C*)"
    return tonumber(requests), tonumber(refused), tonumber(failed), how
  end

  it("are refused once by each call that is in flight, and then not any more", function()
    for taken, most in pairs { new = 0, old = 40, ["new+old"] = 0 } do
      local requests, refused, failed, how = calls("n=300&width=40&taken=" .. taken)
      assert.equal(0, failed, how)
      assert.equal(300 + refused, requests)
      assert.is_true(refused <= most, taken .. ": " .. refused)
    end
  end)

  it("fail no call while the service changes from one to the other and back, and repeat none", function()
    for _, most in ipairs { 1, 3 } do
      local requests, refused, failed, how = calls("n=1500&width=40&changes=150&taken=new&most=" .. most)
      assert.equal(0, failed, how)
      assert.equal(1500 + refused, requests)
      assert.is_true(refused >= 2, "no change was met")
    end
  end)

  it("end a call after one request each where neither is taken", function()
    local requests, refused, failed, how = calls "n=80&width=40&taken=neither"
    assert.same({ 160, 160, 80 }, { requests, refused, failed })
    assert.equal("2,2,2,2,2,2,2,2,2", how)
  end)
end)
