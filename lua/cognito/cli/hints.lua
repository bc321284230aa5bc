--- The library's hints, which name settings and methods, said to people at a
-- command line: with options, variables and subcommands.
-- @module cognito.cli.hints

local commands = require "cognito.cli.commands"
local native = require "cognito.native"

local M = {}

local by_field = {
  user_pool_id = "Give --user-pool-id, or set COGNITO_USER_POOL_ID",
  client_id = "Give --client-id, or set COGNITO_CLIENT_ID",
  endpoint = "Give --endpoint a URL like https://host; plain http goes to 127.0.0.1 and ::1 only",
}

local by_code = {
  challenge_unanswered = "This command cannot answer that; a program can: docs/sign_in.md",
  no_region = "Give --user-pool-id, which begins with the region, or --region, or set AWS_REGION",
}

local SECRET = "Compare the client secret with that of this very app client: set COGNITO_CLIENT_SECRET, or use"
  .. " --client-secret-fd; an app client without a secret takes none"

local by_reason = {
  secret_hash = SECRET,
  client_secret = SECRET,
}

-- Parts of a hint that no single word stands for; an ambiguous error's hint has
-- more behind them.
local phrases = {
  { "pass credentials = { access_key_id =, secret_access_key = }, set AWS", "set AWS" },
  { "Check ca_file or ca_path", "Check AWS_CA_BUNDLE" },
  { "look at attempt_timeout, timeout and connect_timeout", "raise --attempt-timeout and --timeout, if it answers at"
    .. " all" },
  { "than max_response allows", "than any of the service's" },
  { "of the two secrets in client_secret", "of the two client secrets" },
  { "Compare client_id, user_pool_id and region with the pool's own page", "Compare the ids of pool and app client, and"
    .. " the region, with the pool's own page: cognito doctor says where each was found" },
  { "allow fewer connections at once (concurrency and max_connections of a loop)",
    "lower --concurrency of a bulk job" },
  { 'message_action = "RESEND"', "--param message_action=RESEND" },
}

-- Settings and parameters, as a command line has them.
local words = {
  user_pool_id = "--user-pool-id", client_id = "--client-id", attempt_timeout = "--attempt-timeout",
  client_secret = "COGNITO_CLIENT_SECRET", daily_limit = "--daily-limit", max_sms = "--max-sms",
  builtin_mail = "--builtin-mail", allow_unmatched = "--allow-unmatched",
}

local function is_command(name)
  for _, entry in ipairs(commands.list) do
    if entry.name == name then
      return true
    end
  end
  return false
end

local function of_word(word)
  if words[word] then
    return words[word]
  elseif word:find("_", 1, true) and native.describe(word) then
    local name = word:gsub("_", "-")
    return ("cognito %s%s"):format(is_command(name) and "" or "call ", name)
  end
  return nil
end

--- A text of the library with the words of a command line.
-- @tparam string text
-- @treturn string
function M.translate(text)
  for _, phrase in ipairs(phrases) do
    local from, to = text:find(phrase[1], 1, true)
    if from then
      text = text:sub(1, from - 1) .. phrase[2] .. text:sub(to + 1)
    end
  end
  return (text:gsub("%f[%w_]%l[%l%d]*_[%l%d_]+", of_word))
end

local UNSIGNED = "This call is signed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile that has"
  .. " them; cognito doctor lists the places that were searched"

--- The hint of an error.
-- @tparam cognito.Error err
-- @tparam ?string usual the library's hint where the error has none of its own
-- @treturn ?string
function M.of(err, usual)
  if err.code == "no_credentials" and err.hint == usual then
    return UNSIGNED
  end
  local are_two = err.hint and err.hint:find("neither of the two secrets", 1, true)
  local own = not are_two and by_reason[err.reason] or by_code[err.code]
    or err.kind == "validation" and by_field[err.field]
  return own or err.hint and M.translate(err.hint)
end

return M
