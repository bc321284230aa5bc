--- Packages from npm: installed under build/ when missing, never kept here.

local M = {}

local function exists(path)
  local file = io.open(path)
  return file ~= nil and file:close()
end

--- The folder of a package. Each has a tree of its own: npm takes away what
-- it was not asked for, and another version is another folder.
-- @tparam string package
-- @tparam string version
-- @treturn string
function M.folder(package, version)
  local tree = ("build/npm/%s-%s"):format(package:gsub("[@/]", "_"), version)
  local folder = tree .. "/node_modules/" .. package
  if not exists(folder .. "/package.json") then
    local install = ("npm install --prefix %s --no-save --no-audit --no-fund --silent %s@%s"):format(
      tree, package, version)
    os.execute(install)
    assert(exists(folder .. "/package.json"), "this failed: " .. install)
  end
  return folder
end

--- AWS's SDK for JavaScript.
-- @treturn string its folder
function M.sdk()
  return M.folder("@aws-sdk/client-cognito-identity-provider", "3.1169.0")
end

return M
