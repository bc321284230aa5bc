--- Immutable records: what a state of the model is made of. Two records of the
-- same kind with the same fields are one table, so a state's key is short and
-- cheap, and states share whatever a step leaves alone.

local M = {}

local kinds = {}
local kinds_mt = { __index = kinds }

local function key_of(names, fields)
  local words = {}
  for i, name in ipairs(names) do
    words[i] = tostring(fields[name])
  end
  return table.concat(words, " ")
end

--- The record with these fields.
-- @tparam table fields from name to value; they become the record's
-- @treturn table record; its `key` tells it from all others
function kinds:of(fields)
  local key = key_of(self.names, fields)
  local known = self.known[key]
  if not known then
    self.count = self.count + 1
    fields.key, fields.text = ("%d"):format(self.count), key
    self.known[key], known = fields, fields
  end
  return known
end

--- A record with some fields changed.
-- @tparam table record
-- @tparam table changes from name to value; `M.none`: no value
-- @treturn table record
function kinds:with(record, changes)
  local fields = {}
  for _, name in ipairs(self.names) do
    local value = changes[name]
    if value == nil then
      value = record[name]
    elseif value == M.none then
      value = nil
    end
    fields[name] = value
  end
  return self:of(fields)
end

--- Stands for no value in `with`.
M.none = {}

--- Makes a kind of record.
-- @tparam table names of its fields
-- @treturn table kind
function M.kind(names)
  return setmetatable({ names = names, known = {}, count = 0 }, kinds_mt)
end

--- A sorted list of records: its order tells nothing, and is the same in every
-- process.
-- @tparam table list
-- @treturn table list with a `key`
function M.bag(list)
  local keys = {}
  table.sort(list, function(a, b) return a.text < b.text end)
  for i, record in ipairs(list) do
    keys[i] = record.key
  end
  list.key = table.concat(keys, "+")
  return list
end

return M
