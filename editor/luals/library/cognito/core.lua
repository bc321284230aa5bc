---@meta cognito.core

---@type cognito.core
local M
return M
