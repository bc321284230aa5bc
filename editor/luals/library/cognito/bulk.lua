---@meta cognito.bulk

---@type cognito.bulk
local M
return M
