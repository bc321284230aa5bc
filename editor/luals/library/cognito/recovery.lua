---@meta cognito.recovery

---@type cognito.recovery
local M
return M
