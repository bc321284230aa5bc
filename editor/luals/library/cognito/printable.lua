---@meta cognito.printable

---@type cognito.printable
local M
return M
