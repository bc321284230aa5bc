--- The letters by which the user agent names the source of credentials: those
-- of the AWS SDKs' business metrics, as botocore 1.43 and the SDK for
-- JavaScript 3.975 have them.
--
-- They stand beside the credentials, not in them: a program's table cannot
-- carry any, and a copy of one has none.
-- @module cognito.credentials.metrics

local M = {}

local letters = {
  code = "e",                     -- given by the program
  environment = "g",
  environment_web_identity = "h", -- the token file is a variable's
  assume_role = "i",
  web_identity = "k",
  profile = "n",
  source_profile = "o",
  named_source = "p",             -- credential_source
  profile_web_identity = "q",
  profile_sso = "r",
  sso = "s",
  profile_sso_legacy = "t",       -- without an sso-session
  sso_legacy = "u",
  profile_process = "v",
  process = "w",
  container = "z",
  instance = "0",
  profile_login = "AC",
  login = "AD",
}

local marks = setmetatable({}, { __mode = "k" })

local function has(list, letter)
  return ("," .. list .. ","):find("," .. letter .. ",", 1, true)
end

--- Marks credentials with steps by which they were found, each once.
-- @tparam ?table credentials nil is passed through
-- @tparam string ... names of steps, "profile" and the like
-- @treturn ?table the credentials
function M.add(credentials, ...)
  if not credentials then
    return nil
  end
  local list = marks[credentials]
  for _, name in ipairs { ... } do
    local letter = letters[name]
    if not list or not has(list, letter) then
      list = list and list .. "," .. letter or letter
    end
  end
  marks[credentials] = list
  return credentials
end

--- Marks credentials as found by means of others.
-- @tparam ?table credentials nil is passed through
-- @tparam table others
-- @treturn ?table the credentials
function M.inherit(credentials, others)
  if credentials then
    marks[credentials] = marks[others]
  end
  return credentials
end

--- The letters of credentials.
-- @tparam table credentials
-- @treturn string with commas between; of what the program gave itself, "e"
function M.of(credentials)
  return marks[credentials] or letters.code
end

return M
