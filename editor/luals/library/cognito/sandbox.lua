---@meta cognito.sandbox

---@type cognito.sandbox
local M
return M
