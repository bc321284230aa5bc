---@meta cognito.credentials

---@type cognito.credentials
local M
return M
