--- The messages that the pool would have sent.
-- @module cognito.sandbox.outbox
local M = {}

local Outbox = {}
Outbox.__index = Outbox

--- An empty outbox.
-- @tparam table clock the sandbox's clock
-- @tparam function compose words a message, or refuses to; takes it and the
--   user
-- @treturn table
function M.new(clock, compose)
  return setmetatable({ clock = clock, compose = compose, messages = {} },
    Outbox)
end

--- Puts a message into it.
-- @tparam string operation in snake_case
-- @tparam string trigger as a custom message Lambda would see it
-- @tparam table user
-- @tparam table place a contact
-- @tparam string code the code or temporary password
-- @tparam[opt] table client_metadata
function Outbox:put(operation, trigger, user, place, code, client_metadata)
  local message = {
    operation = operation,
    trigger = "CustomMessage_" .. trigger,
    username = user.username,
    medium = place.medium,
    destination = place.destination,
    code = code,
    client_metadata = client_metadata,
    time = self.clock.now(),
  }
  self.compose(message, user)
  self.messages[#self.messages + 1] = message
  if self.on_place then
    self.on_place(place)
  end
  if self.on_message then
    self.on_message(message)
  end
end

--- Empties it; the list of messages stays the same table.
function Outbox:clear()
  for i = #self.messages, 1, -1 do
    self.messages[i] = nil
  end
end

--- The last code a user was sent.
-- @tparam string username
-- @treturn string|nil
function Outbox:code(username)
  for i = #self.messages, 1, -1 do
    if self.messages[i].username == username then
      return self.messages[i].code
    end
  end
end

return M
