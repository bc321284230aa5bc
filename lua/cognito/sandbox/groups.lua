--- The groups of a pool.
-- @module cognito.sandbox.groups
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"

local M = {}

local Groups = {}
Groups.__index = Groups

--- No groups yet.
-- @treturn table
function M.new()
  return setmetatable({ by_name = {} }, Groups)
end

--- A group.
-- @tparam string name
-- @treturn table
-- @raise a refusal
function Groups:find(name)
  return self.by_name[name] or errors.refuse "no_group"
end

--- Adds a group.
-- @tparam string name
-- @tparam table group
-- @raise a refusal
function Groups:add(name, group)
  if self.by_name[name] then
    errors.refuse "group_exists"
  end
  group.name, group.members = name, {}
  self.by_name[name] = group
end

--- Takes a group away.
-- @tparam string name
-- @raise a refusal
function Groups:remove(name)
  self.by_name[self:find(name).name] = nil
end

-- Lower precedence first, groups without any last; then by name.
local function before(a, b)
  local first, second = a.precedence or math.huge, b.precedence or math.huge
  if first ~= second then
    return first < second
  end
  return a.name < b.name
end

--- Groups in order.
-- @tparam[opt] table user only those of a user
-- @treturn table list
function Groups:list(user)
  local list = {}
  for _, group in pairs(self.by_name) do
    if not user or group.members[user] then
      list[#list + 1] = group
    end
  end
  table.sort(list, before)
  return list
end

--- The names of a user's groups, for a claim.
-- @tparam table user
-- @treturn ?table a JSON list; nil where there are none
function Groups:names_of(user)
  local names = json.list {}
  for i, group in ipairs(self:list(user)) do
    names[i] = group.name
  end
  return names[1] and names or nil
end

--- Takes a user out of all groups.
-- @tparam table user
function Groups:forget(user)
  for _, group in pairs(self.by_name) do
    group.members[user] = nil
  end
end

return M
