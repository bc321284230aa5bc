-- Stand-ins for the service answer with other types than the model has. What
-- reads their replies shows the values as they are, and ends in no traceback.
local attributes = require "cognito.attributes"
local client = require "cognito.cli.client"
local console = require "cognito.cli.console"
local contact = require "cognito.bulk.contact"
local pool_users = require "cognito.bulk.pool_users"
local recovery = require "cognito.recovery"

local dates = {
  { 1767225600, "2026-01-01T00:00:00Z" },
  { "2026-01-01T00:00:00.5+01:00", "2026-01-01T00:00:00.5+01:00" },
  { 1767225600123, "1767225600123" },
  { 1e18, "1000000000000000000" },
  { -1e18, "-1000000000000000000" },
  { true, "true" },
}

local list = {
  { value = "lost" }, { name = "email", value = "a@example.com" }, { name = "email_verified", value = true },
  { name = "custom:n", value = 7 }, { name = "custom:none" }, { name = 7, value = "x" },
}

local function user(date)
  return { username = "ada", user_status = "CONFIRMED", enabled = "perhaps", user_create_date = date,
    user_last_modified_date = date, attributes = list, user_attributes = list, user_mfa_setting_list = {} }
end

-- A command's output for a reply.
local function printed(command, reply, args)
  local written, new, call = {}, client.new, client.call
  local listing = { next = function(self) self.next = function() end return reply end }
  client.new = function() return { pages = function() return listing end } end
  client.call = function() return reply end
  local shown = console.new({ json = args.json }, function() end)
  shown.write = function(_, data) written[#written + 1] = data end
  shown.flush = function() end
  shown.is_terminal = function() return false end
  local ok, err = pcall(require("cognito.cli.command." .. command).run, args, shown)
  client.new, client.call = new, call
  assert(ok, err)
  return table.concat(written)
end

describe("a reply of other types than the model's", function()
  it("has attributes without a name, which are left out, and values that become text", function()
    assert.same({ email = "a@example.com", email_verified = "true", ["custom:n"] = "7" }, attributes.values(list))
    assert.same({}, attributes.values())
    assert.same({}, attributes.values "x")
  end)

  for _, date in ipairs(dates) do
    it("has the date " .. tostring(date[1]) .. ", which is shown", function()
      local shown = printed("admin_get_user", user(date[1]), { username = "ada" })
      assert.matches("created         " .. date[2], shown, 1, true)
      assert.matches("email_verified  true", shown, 1, true)
      assert.matches("account         unknown", shown, 1, true)
      shown = printed("list_users", { users = { user(date[1]), {} } }, { attributes = { "email", "custom:n" } })
      assert.equal(("ada\tCONFIRMED\tunknown\t%s\ta@example.com\t7\n\t\tunknown\t\t\t\n"):format(date[2]), shown)
      assert.matches('"username":%s*"ada"', printed("list_users", { users = { user(date[1]) } },
        { json = true, attributes = { "email" } }))
      local known = pool_users.user(user(date[1]))
      assert.equal("a@example.com", known.attributes.email)
      for _, moment in ipairs { "created", "modified" } do
        assert.is_true(known[moment] == nil or type(known[moment]) == "number" and known[moment] < 1e12)
      end
    end)
  end

  it("is advised on", function()
    local pool = { admin_get_user = function() return user "2026" end }
    local described = { user_pool = { account_recovery_setting = { recovery_mechanisms = { { priority = "1" },
      { name = "verified_email", priority = "2" } } } } }
    assert.equal("forgot_password", assert(recovery.advise(pool, "ada", described)).operation)
  end)

  it("tells a pool's order of recovery, as far as it does", function()
    local facts = contact.facts { estimated_number_of_users = "many", account_recovery_setting = {
      recovery_mechanisms = { { name = "verified_email", priority = "2" }, { priority = 3 },
        { name = "verified_phone_number", priority = 1 } } } }
    assert.same({ "phone_number", "email" }, facts.recovery)
    assert.equal(0, facts.users)
  end)
end)
