--- The account-recovery client for Amazon Cognito user pools.
--
--     local cognito = require "cognito"
--     local pool = cognito.new {
--       user_pool_id = "eu-west-1_Ab12Cd34E",
--       client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
--       client_secret = assert(os.getenv "APP_CLIENT_SECRET", "set APP_CLIENT_SECRET"),
--     }
--     local sent, err = pool:forgot_password { username = "ada" }
--
-- @module cognito

local attributes = require "cognito.attributes"
local client = require "cognito.client"
local errors = require "cognito.errors"
local native = require "cognito.native"
local operations = require "cognito.operations"

local M = {}

M.version = require "cognito.version"

--- Makes a client.
-- @tparam table settings
-- @tparam[opt] string settings.user_pool_id the region follows from it
-- @tparam[opt] string settings.client_id the app client's id
-- @tparam[opt] string|table|function settings.client_secret the app client's
--   secret; two of them in a table, of which the service may take either; or a
--   function that returns one or both, or `nil, err`: after a refusal it is
--   passed the secret that the service refused
-- @tparam[opt] string settings.region else from user_pool_id, else AWS_REGION
-- @tparam[opt] string settings.endpoint URL, instead of the region's own
-- @tparam[opt] boolean settings.allow_http plain http to other hosts than a
--   literal loopback address
-- @tparam[opt] table|function settings.credentials for signed operations:
--   `{ access_key_id, secret_access_key, session_token }`, or a function that
--   returns one or `nil, err`, and is passed those that the service has
--   refused as expired; else the AWS environment variables
-- @tparam[opt] table settings.analytics_metadata sent where it can be
-- @tparam[opt=3.1] number settings.connect_timeout seconds
-- @tparam[opt=30] number settings.timeout seconds, of the whole call: all
--   attempts and the waits between them
-- @tparam[opt=10] number settings.attempt_timeout seconds, of one attempt
-- @tparam[opt=3] number settings.max_attempts
-- @tparam[opt=false] boolean settings.retry_ambiguous repeat even what may
--   have sent a message already, as the AWS SDKs do
-- @tparam[opt] table settings.headers name to value, added unsigned
-- @tparam[opt] string settings.ca_file PEM file of trusted certificates
-- @tparam[opt] string settings.ca_path hashed directory of the same
-- @tparam[opt] string settings.proxy URL
-- @tparam[opt=1048576] number settings.max_response bytes
-- @tparam[opt] table|function settings.runtime what sends and sleeps, or a
--   function that sends; see docs/runtimes.md
-- @tparam[opt] function settings.on_attempt told of every attempt:
--   `{ operation, attempt, status, code, request_id, delay, elapsed }`
-- @tparam[opt] function settings.on_request asked before every attempt:
--   `{ operation, params (masked), attempt, max_attempts, signed, effect, url,
--   call }`; may return headers to add, name to value
-- @tparam[opt] table settings.retry a strategy: its method `delay` is given a
--   failed attempt that may be repeated, and returns seconds, or nil to end
-- @tparam[opt=false] boolean settings.timings adds `timings` to that
-- @tparam[opt] function settings.now epoch seconds
-- @tparam[opt] function settings.random a number in [0, 1)
-- @tparam[opt] function settings.env like os.getenv
-- @treturn cognito.Client
-- @raise for an unknown or mistyped setting
function M.new(settings)
  return (client.new(settings, 2)) -- no tail call: errors count the levels
end

--- Makes an event loop: the runtime for many calls at once; see
-- `cognito.runtime.loop`.
-- @tparam[opt] table options `concurrency` (64 calls at once) and more
-- @treturn cognito.Loop
-- @raise for an unknown or mistyped option
-- @usage
-- local loop = cognito.loop { concurrency = 16 }
-- local pool = cognito.new { user_pool_id = id, client_id = client, runtime = loop }
-- loop:spawn(function() print(pool:forgot_password { username = "ada" }) end)
-- loop:run()
function M.loop(options)
  return (require("cognito.runtime.loop").new(options)) -- no tail call: errors count the levels
end

--- Makes a runtime for cqueues' loops; see `cognito.runtime.cqueues`.
-- @tparam[opt] table options `max_connections` (64 to one host) and more
-- @treturn table runtime
-- @raise for an unknown or mistyped option, and where cqueues is not installed
-- @usage
-- local pool = cognito.new { user_pool_id = id, client_id = client, runtime = cognito.cqueues() }
function M.cqueues(options)
  return (require("cognito.runtime.cqueues").new(options)) -- no tail call: errors count the levels
end

--- Makes an object that gets access tokens for the app client itself, keeps each
-- for as long as it lasts, and renews it a little earlier, by one request for all
-- calls that want one; see `cognito.client_tokens`.
-- @tparam cognito.Client pool with a `client_secret`; AWS credentials are not needed
-- @tparam[opt] table options `scopes`, a list of texts, and `client_metadata`,
--   as `get_client_token` takes them
-- @treturn cognito.ClientTokens
-- @raise for anything but a client, and an unknown or mistyped option
-- @usage
-- local tokens = cognito.client_tokens(pool, { scopes = { "orders/read" } })
-- local token, err = tokens:get()
-- if token then request.headers.Authorization = "Bearer " .. token.access_token end
function M.client_tokens(pool, options)
  return (require("cognito.client_tokens").new(pool, options, 2)) -- no tail call: errors count the levels
end

--- The secret hash of an app client with a secret, as the service computes
-- it: base64 of HMAC-SHA-256 under the secret over username and client id.
-- @function secret_hash
-- @tparam string username exactly as it is sent
-- @tparam string client_id
-- @tparam string client_secret
-- @treturn string 44 characters
-- @raise for anything but strings that are not empty
M.secret_hash = native.secret_hash

--- What an operation takes and answers.
-- @tparam string name like "forgot_password"
-- @treturn[1] table `{ name, wire_name, signed, effect, secret, rules, input,
--   output, errors }`
-- @treturn[2] nil when there is no such operation
-- @treturn[2] string a sentence with the name that is nearest
-- @raise for anything but a string
-- @usage
-- for _, member in ipairs(assert(cognito.describe "forgot_password").input) do print(member.name, member.type) end
function M.describe(name)
  if type(name) ~= "string" then
    error(operations.misnamed(name, "describe"), 2)
  end
  local described = native.describe(name)
  if not described then
    return nil, (operations.unknown(name))
  end
  return described
end

--- A copy of parameters or a result that may be shown; see `cognito.redact`.
-- @function redact
-- @tparam string operation
-- @tparam table value
-- @treturn table
M.redact = require "cognito.redact"

--- A user's attributes by name, as operations take them, too.
-- @tparam table user of a reply (`attributes`, or `user_attributes`), or such
--   a list of `{ name =, value = }`
-- @treturn table from name to text; empty where there are none
-- @raise for what is no user and no such list, like the reply that lists users
-- @usage
-- local user = assert(pool:admin_get_user { username = "ada" })
-- print(cognito.attributes(user).email)
-- pool:admin_update_user_attributes { username = "ada", user_attributes = { email = "ada@example.com" } }
function M.attributes(user)
  local problem = user == M and "is called with a dot: cognito.attributes(user)" or attributes.no_user(user)
  if problem then
    error("attributes " .. problem, 2)
  end
  return attributes.values(user.attributes or user.user_attributes or user)
end

--- Marks a table as a list, for free-form documents (branding settings,
-- WebAuthn credentials): there an empty table is sent as `{}`, a marked one as
-- `[]`. Lists in the documents of replies are marked already, so what was
-- described can be sent back.
-- @function list
-- @tparam[opt] table list a new one without it
-- @treturn table the same
-- @usage credential.response.transports = cognito.list {}
M.list = native.list

--- The `null` of free-form documents; the same value as `cjson.null`.
M.null = native.null

--- Reads JSON without loss, for free-form documents: lists are marked as `list`
-- marks them, `null` is `cognito.null`, and whole numbers of 64 bits are exact
-- where this Lua has integers (from 5.3 on; elsewhere up to 2^53).
-- @tparam string text UTF-8
-- @treturn[1] value
-- @treturn[2] nil
-- @treturn[2] string what is wrong and at which byte; nothing of the text
-- @raise for anything but a string
-- @usage local settings = assert(cognito.read_json(file:read "*a"))
function M.read_json(text)
  if type(text) ~= "string" then
    error("read_json takes a text, not a " .. type(text), 2)
  end
  local value, at = native.read_json(text)
  if value == nil then
    return nil, ("the text cannot be read as JSON from byte %d on: it is no JSON, or has a number beyond all that a"
      .. " double holds, or lists and objects nested more than 64 deep"):format(at)
  end
  return value
end

--- Writes JSON, as free-form documents are sent: the counterpart of
-- `read_json`, for a file that keeps what was described.
-- @function write_json
-- @param value table, string, number, boolean or `cognito.null`
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string what in it JSON cannot say
M.write_json = native.write_json

--- Whether a value is an error of this library.
-- @function is_error
-- @param value anything
-- @treturn boolean
M.is_error = errors.is_error

--- What the library was built and runs with.
-- @function info
-- @treturn table `openssl`, `libcurl` and more
M.info = native.info

return M
