-- The modules as they are opened.
local modules = { "cjson", "cognito", "cognito.core", "cognito.wire", "cognito.operations",
  "cognito.request", "cognito.call" }

for _, name in ipairs(modules) do require(name) end

return {
  run = function()
    for name in pairs(package.loaded) do
      if name:find "^cognito" or name == "cjson" then package.loaded[name] = nil end
    end
    for _, name in ipairs(modules) do require(name) end
    assert(require("cognito.wire").operations()[1] == "add_custom_attributes")
    assert(require("cognito.core").forgot_password and require("cognito").new)
  end,
}
