--- Users in the sandbox: their names, what an administrator does, lists.
local sandbox = require "cognito.sandbox"
local call = require "spec.support.sandbox_call"
local steps = require "spec.support.sandbox_steps"

local HOUR = 3600
local PASSWORD, OTHER = steps.PASSWORD, steps.OTHER
local must, refusal = call.must, call.refusal
local new, sign_up, confirm_sign_up =
  steps.new, steps.sign_up, steps.confirm_sign_up
local sign_in = steps.sign_in

describe("names in the sandbox", function()
  it("are case-sensitive unless the pool is not", function()
    for _, sensitive in ipairs { true, false } do
      local box = new { case_sensitive = sensitive }
      box:add_user { username = "Ada" }
      local _, reply = call.call(box, "AdminGetUser", { Username = "ada" })
      assert.equal(sensitive and 400 or 200, reply.status)
    end
  end)

  it("may be the sub of a local user, not of a federated one", function()
    local box = new()
    local sub = box:add_user { username = "ada" }.attributes.sub
    assert.equal("ada", must(box, "AdminGetUser",
      { Username = sub }).Username)
    sub = box:add_user { username = "Google_1",
      status = "EXTERNAL_PROVIDER" }.attributes.sub
    assert.equal("UserNotFoundException",
      (refusal(box, "AdminGetUser", { Username = sub })))
  end)

  it("may be an alias once it is verified", function()
    local box = new { alias_attributes = { "email" },
      prevent_user_existence_errors = "LEGACY" }
    sign_up(box, "ada")
    local members = { Username = "ada@example.com" }
    assert.equal("UserNotFoundException",
      (refusal(box, "ForgotPassword", members)))
    confirm_sign_up(box, "ada")
    must(box, "ForgotPassword", members)
    assert.equal("ada", box.outbox[#box.outbox].username)
  end)

  it("may be a preferred one once the user is confirmed", function()
    local box = new { alias_attributes = { "preferred_username" } }
    box:add_user { username = "ada", status = "UNCONFIRMED",
      attributes = { preferred_username = "countess" } }
    assert.is_nil(box:user "countess")
    must(box, "AdminConfirmSignUp", { Username = "ada" })
    assert.equal("ada", box:user "countess".username)
  end)

  it("may be an address where the pool takes addresses", function()
    local box = new { username_attributes = { "email" } }
    local result = must(box, "SignUp", { Username = "ada@example.com",
      Password = PASSWORD })
    assert.equal(result.UserSub, box:user "ada@example.com".username)
    assert.equal("UsernameExistsException", (refusal(box, "SignUp",
      { Username = "ada@example.com", Password = PASSWORD })))
    local _, message = refusal(box, "SignUp", { Username = "ada",
      Password = PASSWORD })
    assert.equal("Username should be an email.", message)
  end)

  it("do not look like another user's alias", function()
    local box = new { alias_attributes = { "email" } }
    assert.equal("InvalidParameterException", (refusal(box, "SignUp",
      { Username = "ada@example.com", Password = PASSWORD })))
  end)

  it("are taken from another user only on purpose", function()
    local box = new { alias_attributes = { "email" } }
    box:add_user { username = "old", email = "a@example.com" }
    sign_up(box, "new", { email = "a@example.com" })
    local members = { Username = "new", ConfirmationCode = box:code "new" }
    assert.equal("AliasExistsException",
      (refusal(box, "ConfirmSignUp", members)))
    members.ForceAliasCreation = true
    must(box, "ConfirmSignUp", members)
    assert.equal("false", box:user "old".attributes.email_verified)
    assert.equal("new", box:user "a@example.com".username)
  end)

  it("are not taken from oneself", function()
    local box = new { alias_attributes = { "email" } }
    box:add_user { username = "ada", email = "a@example.com",
      email_verified = true, status = "UNCONFIRMED" }
    must(box, "ResendConfirmationCode", { Username = "ada" })
    confirm_sign_up(box, "ada")
    assert.equal("true", box:user "ada".attributes.email_verified)
  end)

  it("are not given away by an administrator unawares", function()
    local box = new { alias_attributes = { "email" } }
    box:add_user { username = "old", email = "a@example.com" }
    local members = { Username = "new", UserAttributes = {
      { Name = "email", Value = "a@example.com" },
      { Name = "email_verified", Value = "true" } } }
    assert.equal("AliasExistsException",
      (refusal(box, "AdminCreateUser", members)))
    assert.is_nil(box:user "new")
    members.ForceAliasCreation = true
    must(box, "AdminCreateUser", members)
    assert.equal("new", box:user "a@example.com".username)
  end)
end)

describe("an administrator in the sandbox", function()
  local box

  before_each(function() box = new() end)

  local function create(members)
    members.Username = "bob"
    members.UserAttributes = members.UserAttributes
      or { { Name = "email", Value = "bob@example.com" } }
    return must(box, "AdminCreateUser", members)
  end

  it("invites a user, whose temporary password lasts a week", function()
    local result = create { DesiredDeliveryMediums = { "EMAIL" } }
    assert.equal("FORCE_CHANGE_PASSWORD", result.User.UserStatus)
    assert.equal("CustomMessage_AdminCreateUser", box.outbox[1].trigger)
    local first = box:code "bob"
    local challenge = sign_in(box, "bob", first)
    assert.equal("NEW_PASSWORD_REQUIRED", challenge.ChallengeName)
    assert.equal("bob", challenge.ChallengeParameters.USER_ID_FOR_SRP)
    box:advance(7 * 24 * HOUR)
    assert.matches("^Temporary password has expired",
      sign_in(box, "bob", first).message)
    create { MessageAction = "RESEND", DesiredDeliveryMediums = { "EMAIL" } }
    assert.not_equal(first, box:code "bob")
    assert.equal("NEW_PASSWORD_REQUIRED",
      sign_in(box, "bob", box:code "bob").ChallengeName)
  end)

  it("can keep the invitation back", function()
    create { MessageAction = "SUPPRESS", TemporaryPassword = PASSWORD }
    assert.equal(0, #box.outbox)
    assert.equal("NEW_PASSWORD_REQUIRED",
      sign_in(box, "bob", PASSWORD).ChallengeName)
    assert.equal("UsernameExistsException",
      (refusal(box, "AdminCreateUser", { Username = "bob" })))
  end)

  it("sets a password that lasts, or one that does not", function()
    create { MessageAction = "SUPPRESS", TemporaryPassword = PASSWORD }
    must(box, "AdminSetUserPassword",
      { Username = "bob", Password = OTHER, Permanent = true })
    box:advance(7 * 24 * HOUR)
    assert.is_table(sign_in(box, "bob", OTHER).AuthenticationResult)
    must(box, "AdminSetUserPassword", { Username = "bob",
      Password = PASSWORD })
    assert.equal("NEW_PASSWORD_REQUIRED",
      sign_in(box, "bob", PASSWORD).ChallengeName)
  end)

  it("is held to the password policy", function()
    box:add_user { username = "ada" }
    assert.equal("InvalidPasswordException", (refusal(box,
      "AdminSetUserPassword", { Username = "ada", Password = "weak" })))
    assert.equal("InvalidPasswordException", (refusal(box,
      "AdminCreateUser", { Username = "bob", TemporaryPassword = "weak" })))
  end)

  it("sets a password with blanks inside, not at its ends", function()
    box:add_user { username = "ada" }
    local function set(password)
      return { call.call(box, "AdminSetUserPassword",
        { Username = "ada", Password = password, Permanent = true }) }
    end
    assert.equal(200, set("Old pass1word")[2].status)
    assert.is_table(sign_in(box, "ada", "Old pass1word").AuthenticationResult)
    for _, wrong in ipairs { " Old-pass1word", "Old-pass1word ", "x", "" } do
      local result = set(wrong)[1]
      assert.equal("InvalidParameterException", result.__type)
      assert.matches("Value at 'password' failed to satisfy constraint",
        result.message, 1, true)
      assert.is_nil(result.message:find("pass1word", 1, true))
    end
  end)

  it("disables, enables and deletes", function()
    box:add_user { username = "ada", password = PASSWORD }
    must(box, "AdminDisableUser", { Username = "ada" })
    assert.is_false(must(box, "AdminGetUser", { Username = "ada" }).Enabled)
    assert.equal("NotAuthorizedException",
      sign_in(box, "ada", PASSWORD).__type)
    must(box, "AdminEnableUser", { Username = "ada" })
    assert.is_table(sign_in(box, "ada", PASSWORD).AuthenticationResult)
    must(box, "AdminDeleteUser", { Username = "ada" })
    assert.equal("UserNotFoundException",
      (refusal(box, "AdminGetUser", { Username = "ada" })))
  end)

  it("sees a user with dates as numbers", function()
    box = new { now = function() return 1700000000 end }
    box:add_user { username = "ada", email = "a@example.com" }
    local result, reply = must(box, "AdminGetUser", { Username = "ada" })
    assert.matches('"UserCreateDate":1700000000,', reply.body, 1, true)
    local names = {}
    for i, pair in ipairs(result.UserAttributes) do names[i] = pair.Name end
    assert.same({ "email", "email_verified", "sub" }, names)
  end)

  it("signs in for a user with the secret hash", function()
    local native = require "cognito.native"
    box = sandbox.new()
    box:add_user { username = "ada", password = PASSWORD }
    local settings = box:settings()
    local parameters = { USERNAME = "ada", PASSWORD = PASSWORD,
      SECRET_HASH = native.secret_hash("ada", settings.client_id,
        settings.client_secret) }
    local members = { ClientId = settings.client_id,
      AuthFlow = "ADMIN_USER_PASSWORD_AUTH", AuthParameters = parameters }
    assert.is_table(must(box, "AdminInitiateAuth",
      members).AuthenticationResult)
    assert.equal("InvalidParameterException",
      (refusal(box, "InitiateAuth", members)))
  end)
end)

describe("lists and descriptions in the sandbox", function()
  local box

  before_each(function()
    box = new()
    for i = 1, 5 do
      box:add_user { username = "user" .. i, enabled = i ~= 3,
        email = ("u%d@example.com"):format(i),
        status = i == 4 and "UNCONFIRMED" or "CONFIRMED" }
    end
  end)

  local function names(members)
    local found = {}
    for _, user in ipairs(must(box, "ListUsers", members).Users) do
      found[#found + 1] = user.Username:sub(5)
    end
    return table.concat(found)
  end

  it("filters", function()
    for filter, expected in pairs {
      [''] = "12345",
      ['username = "user2"'] = "2",
      ['email ^= "u"'] = "12345",
      ['email^="u5@"'] = "5",
      ['cognito:user_status = "UNCONFIRMED"'] = "4",
      ['status = "Disabled"'] = "3",
      ['name = "Ada"'] = "",
      ['username = "a\\"b"'] = "" } do
      assert.equal(expected, names { Filter = filter })
    end
    for _, filter in ipairs { "username", 'custom:x = "1"', "username = user2",
      'username = "a" and email = "b"', 'username > "a"' } do
      assert.equal("InvalidParameterException",
        (refusal(box, "ListUsers", { Filter = filter })), filter)
    end
  end)

  it("pages", function()
    local result = must(box, "ListUsers", { Limit = 2 })
    assert.equal(2, #result.Users)
    assert.equal("34", names { Limit = 2,
      PaginationToken = result.PaginationToken })
    assert.equal("InvalidParameterException", (refusal(box, "ListUsers",
      { Filter = 'name = "x"', PaginationToken = result.PaginationToken })))
    assert.is_nil(must(box, "ListUsers", { Limit = 5 }).PaginationToken)
    assert.equal("12345", names { Limit = 0 })
  end)

  it("writes an empty list as one", function()
    local _, reply = must(box, "ListUsers", { Filter = 'name = "x"' })
    assert.equal('{"Users":[]}', reply.body)
  end)

  it("gives the attributes that are asked for", function()
    local one = must(box, "ListUsers", { Limit = 1,
      AttributesToGet = { "email" } }).Users[1]
    assert.same({ { Name = "email", Value = "u1@example.com" } },
      one.Attributes)
  end)

  it("refuses an attribute that a user among the results lacks", function()
    box:add_user { username = "user6", email = "u6@example.com",
      attributes = { nickname = "six", name = "Six" } }
    for _, members in ipairs { { AttributesToGet = { "email", "name" } },
      { AttributesToGet = { "nickname" }, Filter = 'username = "user6"' } } do
      local code, message = refusal(box, "ListUsers", members)
      assert.equal("InvalidParameterException", code)
      assert.equal("One or more requested attributes do not exist.", message)
    end
    assert.equal("6", names { AttributesToGet = { "name" },
      Filter = 'username = "user6"' })
  end)

  it("ignores case where the service does, and sorts", function()
    box:add_user { username = "user0", email = "U5@Example.com",
      attributes = { name = "Zoe" } }
    box:add_user { username = "user7", email = "b@example.com",
      attributes = { name = "adam" } }
    for filter, expected in pairs {
      ['cognito:user_status = "unconfirmed"'] = "4",
      ['email = "u5@example.COM"'] = "50",
      ['email ^= ""'] = "7123450",
      ['name ^= ""'] = "70",
      ['username = "USER2"'] = "",
      ['status = "disabled"'] = "" } do
      assert.equal(expected, names { Filter = filter }, filter)
    end
    box = new { assumptions = { filters_ignore_case = false } }
    box:add_user { username = "user0", email = "U5@Example.com" }
    assert.equal("", names { Filter = 'email = "u5@example.com"' })
  end)

  it("pages through sorted results", function()
    local first = must(box, "ListUsers", { Limit = 2,
      Filter = 'email ^= "u"' })
    assert.equal("345", names { Filter = 'email ^= "u"',
      PaginationToken = first.PaginationToken })
  end)

  it("describes the pool and its client as they were set up", function()
    local pool = must(box, "DescribeUserPool").UserPool
    assert.equal(5, pool.EstimatedNumberOfUsers)
    assert.is_nil(pool.AccountRecoverySetting)
    assert.is_nil(pool.AliasAttributes)
    assert.equal("COGNITO_DEFAULT", pool.EmailConfiguration.EmailSendingAccount)
    box = sandbox.new { recovery = "admin_only", client_secret = "s", email_sender = "DEVELOPER" }
    pool = must(box, "DescribeUserPool").UserPool
    assert.equal("DEVELOPER", pool.EmailConfiguration.EmailSendingAccount)
    assert.same({ { Name = "admin_only", Priority = 1 } },
      pool.AccountRecoverySetting.RecoveryMechanisms)
    local client = must(box, "DescribeUserPoolClient",
      { ClientId = box:settings().client_id }).UserPoolClient
    assert.equal("s", client.ClientSecret)
    assert.equal("ENABLED", client.PreventUserExistenceErrors)
  end)
end)
