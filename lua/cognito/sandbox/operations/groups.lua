--- Groups and their members.
-- @module cognito.sandbox.operations.groups
local json = require "cognito.sandbox.json"
local pages = require "cognito.sandbox.pages"
local views = require "cognito.sandbox.views"

local M = {}

local function view(pool, group)
  return {
    GroupName = group.name,
    UserPoolId = pool.options.user_pool_id,
    Description = group.description,
    Precedence = group.precedence,
    RoleArn = group.role,
    CreationDate = group.created,
    LastModifiedDate = group.modified,
  }
end

local function fill(pool, group, params)
  group.description = params.Description or group.description
  group.precedence = params.Precedence or group.precedence
  group.role = params.RoleArn or group.role
  group.modified = pool.clock.now()
  return { Group = view(pool, group) }
end

--- CreateGroup.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.create_group(pool, params)
  local group = { created = pool.clock.now() }
  pool.groups:add(params.GroupName, group)
  return fill(pool, group, params)
end

--- UpdateGroup.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.update_group(pool, params)
  return fill(pool, pool.groups:find(params.GroupName), params)
end

--- GetGroup.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.get_group(pool, params)
  return { Group = view(pool, pool.groups:find(params.GroupName)) }
end

--- DeleteGroup.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.delete_group(pool, params)
  pool.groups:remove(params.GroupName)
  return {}
end

local function page_of_groups(pool, params, list)
  local page, next_token = pages.take(pool, list, params.Limit,
    params.NextToken)
  local found = json.list {}
  for i, group in ipairs(page) do
    found[i] = view(pool, group)
  end
  return { Groups = found, NextToken = next_token }
end

--- ListGroups.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.list_groups(pool, params)
  return page_of_groups(pool, params, pool.groups:list())
end

--- AdminListGroupsForUser.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_list_groups_for_user(pool, params)
  local user = pool:user(params.Username)
  return page_of_groups(pool, params, pool.groups:list(user))
end

--- ListUsersInGroup.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.list_users_in_group(pool, params)
  local members, list = pool.groups:find(params.GroupName).members, {}
  for _, user in ipairs(pool.users.list) do
    if members[user] then
      list[#list + 1] = user
    end
  end
  local page, next_token = pages.take(pool, list, params.Limit,
    params.NextToken)
  local found = json.list {}
  for i, user in ipairs(page) do
    found[i] = views.user(user, "Attributes")
  end
  return { Users = found, NextToken = next_token }
end

--- AdminAddUserToGroup.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_add_user_to_group(pool, params)
  local user = pool:user(params.Username)
  pool.groups:find(params.GroupName).members[user] = true
  return {}
end

--- AdminRemoveUserFromGroup.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_remove_user_from_group(pool, params)
  local user = pool:user(params.Username)
  pool.groups:find(params.GroupName).members[user] = nil
  return {}
end

return M
