--- A made-up service of two operations, to try the model's tools with.
local json = require "cjson"

local import = require "model.import"

local M = {}

--- A file of JSON, decoded.
function M.read_json(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return json.decode(text)
end

--- The service in botocore's format, decoded.
function M.published()
  return M.read_json "spec/fixtures/tiny_service.json"
end

--- The same as facts.
function M.facts()
  return import.facts(M.published())
end

--- An overlay that fits.
function M.overlay()
  return {
    effects = { ["read"] = { "GetThing" }, ["message"] = { "SendThing" } },
    rules = { { "GetThing", "Color", "RED", "message" } },
    secrets = { hash = { member = "SecretHash", "SendThing" } },
    unsigned = {},
    filled = { "ClientId" },
    sensitive_shapes = { "Color" },
    sensitive_members = { { "GetThingResponse", "Next" } },
    sentences = {
      GetThing = "Shows a thing, when you look for one.",
      SendThing = "Sends a thing to a person who lacks it.",
    },
  }
end

--- A file to write to that keeps the text.
function M.sink()
  local text = {}
  return {
    write = function(_, ...)
      for _, piece in ipairs { ... } do
        text[#text + 1] = piece
      end
    end,
    text = function()
      return table.concat(text)
    end,
  }
end

--- The operation, shape or member of that name.
function M.find(list, name)
  for _, one in ipairs(list) do
    if one.name == name then
      return one
    end
  end
end

return M
