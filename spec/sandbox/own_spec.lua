--- What users do with themselves in the sandbox, and what administrators do
-- to attributes, groups and sessions: the operations that our own
-- documentation advises.
local cognito = require "cognito"
local native = require "cognito.native"
local sandbox = require "cognito.sandbox"

local PASSWORD, OTHER = "Old-pass1word", "New-pass1word"

local box, pool, tokens

local function sign_in(password, name)
  local result, err = pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
    auth_parameters = { USERNAME = name or "ada", PASSWORD = password or PASSWORD } }
  return result and result.authentication_result, err
end

local function refused(result, err)
  assert.is_nil(result)
  return { err.code, err.message }
end

local function start(options)
  box = sandbox.new(options)
  box:add_user { username = "ada", password = PASSWORD, email = "ada@example.com", phone_number = "+491511234567" }
  pool = cognito.new(box:settings())
  tokens = assert(sign_in())
end

before_each(function() start() end)

local function attributes_of(user)
  local values = {}
  for _, each in ipairs(user.user_attributes) do values[each.name] = each.value end
  return values
end

local function own()
  return attributes_of(assert(pool:get_user { access_token = tokens.access_token }))
end

describe("an access token of the sandbox", function()
  it("shows its user", function()
    assert.equal("ada@example.com", own().email)
    assert.equal(1, box:executions("get_user", "ada"))
  end)

  it("is one that was given out, is not too old, and of a user who is there", function()
    local function get() return refused(pool:get_user { access_token = tokens.access_token }) end
    assert.same({ "NotAuthorizedException", "Invalid Access Token" },
      refused(pool:get_user { access_token = tokens.id_token }))
    assert.same({ "NotAuthorizedException", "Invalid Access Token" },
      refused(pool:get_user { access_token = tokens.access_token .. "x" }))
    assert(pool:admin_disable_user { username = "ada" })
    assert.same({ "NotAuthorizedException", "User is disabled." }, get())
    assert(pool:admin_enable_user { username = "ada" })
    box:advance(3600)
    assert.same({ "NotAuthorizedException", "Access Token has expired" }, get())
    box:advance(-3600)
    assert(pool:admin_delete_user { username = "ada" })
    assert.same({ "UserNotFoundException", "User does not exist." }, get())
  end)

  it("is refreshed, until its sign-in is revoked", function()
    local hash = native.secret_hash("ada", box:settings().client_id, box:settings().client_secret)
    local function refresh(given)
      return pool:initiate_auth { auth_flow = "REFRESH_TOKEN_AUTH",
        auth_parameters = { REFRESH_TOKEN = given or tokens.refresh_token, SECRET_HASH = hash } }
    end
    local fresh = assert(refresh()).authentication_result
    assert.is_nil(fresh.refresh_token)
    assert.not_equal(tokens.access_token, fresh.access_token)
    assert(pool:get_user { access_token = fresh.access_token })
    assert.equal(1, box:user "ada".sessions)
    assert.is_string(assert(pool:get_tokens_from_refresh_token { refresh_token = tokens.refresh_token })
      .authentication_result.access_token)
    assert.same({ "NotAuthorizedException", "Invalid Refresh Token" }, refused(refresh "nonsense"))
    assert(pool:revoke_token { token = tokens.refresh_token })
    assert.same({ "NotAuthorizedException", "Refresh Token has been revoked" }, refused(refresh()))
    assert.same({ "NotAuthorizedException", "Access Token has been revoked" },
      refused(pool:get_user { access_token = fresh.access_token }))
  end)

  it("signs out everywhere, or is signed out by an administrator", function()
    local second = assert(sign_in())
    assert(pool:global_sign_out { access_token = second.access_token })
    assert.equal(0, box:user "ada".sessions)
    assert.equal("Access Token has been revoked", refused(pool:get_user { access_token = tokens.access_token })[2])
    tokens = assert(sign_in())
    assert(pool:admin_user_global_sign_out { username = "ada" })
    assert.equal("Access Token has been revoked", refused(pool:get_user { access_token = tokens.access_token })[2])
  end)

  it("changes the password, and deletes its user", function()
    local function change(previous, proposed)
      return pool:change_password { access_token = tokens.access_token, previous_password = previous,
        proposed_password = proposed }
    end
    assert.equal("Incorrect username or password.", refused(change("wrong", OTHER))[2])
    assert.equal("InvalidPasswordException", refused(change(PASSWORD, "weak"))[1])
    assert(change(PASSWORD, OTHER))
    assert(sign_in(OTHER))
    assert.is_nil((sign_in(PASSWORD)))
    for _ = 1, 2 do change("wrong", OTHER) end
    assert.equal("LimitExceededException", refused(change(OTHER, PASSWORD))[1])
    assert(pool:delete_user { access_token = tokens.access_token })
    assert.is_nil(box:user "ada")
  end)
end)

describe("an address in the sandbox", function()
  local function update(values)
    local list = {}
    for name, value in pairs(values) do list[#list + 1] = { name = name, value = value } end
    return list
  end

  it("that its user changes is proved by a code", function()
    local result = assert(pool:update_user_attributes { access_token = tokens.access_token,
      user_attributes = update { email = "new@example.org", nickname = "countess" } })
    assert.same({ { attribute_name = "email", delivery_medium = "EMAIL", destination = "n***@e***.org" } },
      result.code_delivery_details_list)
    assert.equal("CustomMessage_UpdateUserAttribute", box.outbox[1].trigger)
    assert.same({ "new@example.org", "false", "countess" }, { own().email, own().email_verified, own().nickname })
    assert.equal("phone_number", box:user "ada".recovery)
    local function verify(code)
      return pool:verify_user_attribute { access_token = tokens.access_token, attribute_name = "email", code = code }
    end
    assert.equal("CodeMismatchException", refused(verify "0")[1])
    assert(verify(box:code "ada"))
    assert.equal("true", own().email_verified)
    assert.equal("ExpiredCodeException", refused(verify(box:code "ada"))[1])
  end)

  it("has a code of its own when it is asked for", function()
    local function ask(name)
      return pool:get_user_attribute_verification_code { access_token = tokens.access_token, attribute_name = name }
    end
    assert.equal("SMS", assert(ask "phone_number").code_delivery_details.delivery_medium)
    local phone = box:code "ada"
    assert(ask "email")
    assert(pool:verify_user_attribute { access_token = tokens.access_token, attribute_name = "phone_number",
      code = phone })
    assert.equal("InvalidParameterException", refused(ask "nickname")[1])
    for _ = 1, 3 do assert(ask "email") end
    assert.equal("LimitExceededException", refused(ask "email")[1])
  end)

  it("is verified by an administrator's word, not by the user's", function()
    assert.equal("NotAuthorizedException", refused(pool:update_user_attributes { access_token = tokens.access_token,
      user_attributes = update { email_verified = "true" } })[1])
    assert(pool:admin_update_user_attributes { username = "ada", user_attributes = update { email = "b@example.org" } })
    assert.equal("false", own().email_verified)
    assert(pool:admin_update_user_attributes { username = "ada",
      user_attributes = update { email = "c@example.org", email_verified = "true" } })
    assert.equal("true", own().email_verified)
    assert.equal(0, #box.outbox)
    assert(pool:admin_delete_user_attributes { username = "ada", user_attribute_names = { "phone_number" } })
    assert.is_nil(own().phone_number_verified)
    assert.equal("NotAuthorizedException", refused(pool:admin_update_user_attributes { username = "ada",
      user_attributes = update { sub = "other" } })[1])
  end)

  it("that is another user's name is not taken", function()
    start { alias_attributes = { "email" } }
    box:add_user { username = "eve", email = "eve@example.com" }
    assert.equal("AliasExistsException", refused(pool:admin_update_user_attributes { username = "ada",
      user_attributes = update { email = "eve@example.com", email_verified = "true" } })[1])
    assert.equal("ada@example.com", own().email)
  end)
end)

describe("groups in the sandbox", function()
  it("are made, joined, listed and left", function()
    assert(pool:create_group { group_name = "staff", precedence = 2, description = "all" })
    assert(pool:create_group { group_name = "admins", precedence = 1 })
    assert.equal("GroupExistsException", refused(pool:create_group { group_name = "staff" })[1])
    for _, name in ipairs { "staff", "admins" } do
      assert(pool:admin_add_user_to_group { username = "ada", group_name = name })
    end
    local groups = assert(pool:admin_list_groups_for_user { username = "ada" }).groups
    assert.same({ "admins", "staff" }, { groups[1].group_name, groups[2].group_name })
    assert.equal("ada", assert(pool:list_users_in_group { group_name = "staff" }).users[1].username)
    local first = assert(pool:list_groups { limit = 1 })
    assert.equal("staff", assert(pool:list_groups { limit = 1, next_token = first.next_token }).groups[1].group_name)
    assert.equal("some", assert(pool:update_group { group_name = "staff", description = "some" }).group.description)
    assert.equal(2, assert(pool:get_group { group_name = "staff" }).group.precedence)
    assert(pool:admin_remove_user_from_group { username = "ada", group_name = "admins" })
    assert(pool:delete_group { group_name = "staff" })
    assert.same({}, assert(pool:admin_list_groups_for_user { username = "ada" }).groups)
    assert.equal("ResourceNotFoundException",
      refused(pool:admin_add_user_to_group { username = "ada", group_name = "staff" })[1])
  end)
end)

describe("sessions in the sandbox", function()
  it("are listed and revoked one by one", function()
    local second = assert(sign_in())
    local own_list = assert(pool:list_user_sessions { access_token = second.access_token }).sessions
    assert.equal(2, #own_list)
    assert.is_nil(own_list[1].is_current_session)
    assert.is_true(own_list[2].is_current_session)
    assert(pool:revoke_user_session { access_token = second.access_token, session_id = own_list[1].session_id })
    assert.equal("Access Token has been revoked", refused(pool:get_user { access_token = tokens.access_token })[2])
    local list = assert(pool:admin_list_user_sessions { username = "ada" }).sessions
    assert.equal(1, #list)
    assert(pool:admin_revoke_user_session { username = "ada", session_id = list[1].session_id })
    assert.equal("ResourceNotFoundException",
      refused(pool:admin_revoke_user_session { username = "ada", session_id = list[1].session_id })[1])
  end)

  it("remember no devices", function()
    assert.same({}, assert(pool:list_devices { access_token = tokens.access_token }).devices)
    assert.same({}, assert(pool:admin_list_devices { username = "ada" }).devices)
  end)
end)
