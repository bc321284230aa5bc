-- luacheck: ignore 212 241
---@class cognito
---@field version string
local cognito = {}

---Makes a client for one user pool.
---@param settings cognito.Settings
---@return cognito.Client
function cognito.new(settings) end

---Makes an event loop for many calls at once.
---@param options? cognito.LoopOptions
---@return cognito.Loop
function cognito.loop(options) end

---Makes a runtime for the loops of cqueues.
---@param options? cognito.CqueuesOptions
---@return cognito.CqueuesRuntime
function cognito.cqueues(options) end

---Access tokens for the app client itself, kept and renewed.
---@param pool cognito.Client
---@param options? cognito.ClientTokensOptions
---@return cognito.ClientTokens
function cognito.client_tokens(pool, options) end

---The secret hash of a user name: base64 of HMAC-SHA256, keyed with the
---client secret, over the user name and the client id.
---@param username string the very bytes that are sent as the user name
---@param client_id string
---@param client_secret string
---@return string hash
function cognito.secret_hash(username, client_id, client_secret) end

---The model's facts about an operation; nil and a sentence if there is none.
---@param name string such as "forgot_password"
---@return cognito.Operation? operation
---@return string? problem
function cognito.describe(name) end

---A user's attributes by name, which operations take as well.
---@param user table of a reply, or a list of attributes
---@return table<string, string> attributes
function cognito.attributes(user) end

---A copy of params or of a result that is safe to show: sensitive values are
---masked.
---@param operation string such as "forgot_password"
---@param value table
---@return table copy
function cognito.redact(operation, value) end

---Marks a table as a list, for free-form documents, where an empty table is sent as `{}`.
---@param list? table
---@return table
function cognito.list(list) end

---The null of free-form documents; the same value as `cjson.null`.
---@type lightuserdata
cognito.null = nil

---Reads JSON without loss: lists are marked, null is `cognito.null`, whole numbers are exact.
---@param text string
---@return any value nil when it is no JSON
---@return string? problem
function cognito.read_json(text) end

---Writes JSON as free-form documents are sent.
---@param value any
---@return string? json nil for a value that JSON cannot express
---@return string? problem
function cognito.write_json(value) end

---Whether a value is an error of this library.
---@param value any
---@return boolean
function cognito.is_error(value) end

---The versions that the library was built with and runs with.
---@return table<string, any>
function cognito.info() end

---Times are seconds, sizes are bytes.
---@class cognito.Settings
---@field user_pool_id? string default for `user_pool_id`; the region follows from it
---@field client_id? string default for `client_id`
---@field client_secret? string|string[]|cognito.SecretFunction the app client's secret, or two while one replaces the other
---@field region? string such as "eu-west-1"
---@field profile? string of the shared configuration files
---@field endpoint? string URL to use instead of the region's own
---@field use_fips? boolean
---@field use_dualstack? boolean
---@field allow_http? boolean plain http to other than a loopback address
---@field credentials? cognito.Credentials|cognito.CredentialsFunction for signed operations
---@field role_cache? boolean keep sessions of roles that took an MFA device's code in the aws command's files
---@field mfa_code? fun(serial: string): string?, cognito.Error|string? the six digits that an MFA device shows
---@field timeout? number of the whole call, retries included, in seconds; 30 by default
---@field attempt_timeout? number of one attempt, in seconds; 10 by default
---@field connect_timeout? number 3.1 s by default
---@field max_attempts? integer 3 by default
---@field retry_ambiguous? boolean also send a call again that the service may have carried out
---@field ca_file? string certificates to trust, in one PEM file
---@field ca_path? string certificates to trust, in a hashed directory
---@field proxy? string URL of an HTTP proxy
---@field max_response? integer largest reply that is read, 1 MiB by default
---@field analytics_metadata? cognito.AnalyticsMetadataType default for `analytics_metadata`
---@field headers? table<string, string> sent with every request
---@field on_attempt? fun(attempt: cognito.Attempt) called after every attempt
---@field on_request? fun(request: cognito.RequestView): table<string, string>? called before every attempt; returns headers to add
---@field retry? cognito.RetryStrategy says when to try again, in place of the library's own delays
---@field timings? boolean adds `timings` to what on_attempt receives
---@field runtime? cognito.Runtime|cognito.SendFunction a runtime that sends and sleeps, or a function that sends
---@field env? fun(name: string): string? instead of os.getenv
---@field read_file? fun(path: string): string? a file's bytes, nil when there is none
---@field app_id? string the application's name, for the user agent
---@field correct_clock? boolean learn from Date headers how far the clock is off; true by default
---@field now? fun(): number the time, seconds since the epoch
---@field random? fun(): number at least 0, less than 1

---Options of a single call; they stand over the settings.
---@class cognito.Options
---@field timeout? number of the whole call, in seconds
---@field attempt_timeout? number of one attempt, in seconds
---@field max_attempts? integer
---@field retry_ambiguous? boolean also send a call again that the service may have carried out
---@field headers? table<string, string> in addition to the client's, or in place of those with the same name
---@field client_secret? string|string[]|cognito.SecretFunction
---@field secret_hash_username? string the pool's own user name, for refresh flows

---@alias cognito.SecretFunction fun(refused?: string): string|string[]|nil, string?
---@alias cognito.CredentialsFunction fun(refused?: cognito.Credentials): cognito.Credentials?, cognito.Error|string?

---@class cognito.Credentials
---@field access_key_id string
---@field secret_access_key string
---@field session_token? string
---@field expires_at? number seconds since the epoch
---@field account_id? string of what a provider found
---@field source? string of what a provider found, in words

---@class cognito.Error
---@field code string the service's own code, or one of ours in lower case
---@field message string
---@field kind "validation"|"credentials"|"network"|"throttle"|"service"
---@field operation? string
---@field status? integer HTTP status
---@field request_id? string
---@field attempts? integer
---@field retryable? boolean
---@field ambiguous? boolean the service may have carried the call out
---@field partial? boolean the service carried half of it out
---@field reason? string a finer word than the code
---@field reason_code? string the service's own, of InvalidParameterException
---@field hint? string what to do next, for the operator
---@field field? string the parameter at fault
---@field challenge? string of `recovery.sign_in`, the challenge that was not answered, or whose answer was refused

---@class cognito.ClientTokensOptions
---@field scopes? string[]
---@field client_metadata? table<string, string>

---@class cognito.ClientTokens
---@field get fun(self: cognito.ClientTokens): cognito.ClientToken?, cognito.Error
---@field refresh fun(self: cognito.ClientTokens, refused: cognito.ClientToken): cognito.ClientToken?, cognito.Error

---@class cognito.ClientToken
---@field access_token string
---@field token_type? string "Bearer"
---@field expires_at number seconds since the epoch

---A client's settings, secrets masked.
---@class cognito.Description
---@field settings table<string, { value: any, source: string }>
---@field url? string
---@field credentials { source?: string, expires_at?: number, account_id?: string }
---@field clock_offset number seconds
---@field quota number tokens left for retries, of 500
---@field warnings string[]
---@field problem? { code: string, field?: string, message: string }

---@class cognito.Meta
---@field operation string
---@field status? integer HTTP status
---@field request_id? string
---@field attempts integer
---@field elapsed number seconds
---@field hook_error? string what on_request, on_attempt or retry raised, or returned wrongly

---@class cognito.Attempt
---@field operation string
---@field attempt integer 1 for the first
---@field status? integer HTTP status
---@field code? string of the error, if there was one
---@field kind? string of the error, if there was one
---@field request_id? string
---@field elapsed number seconds since the call began
---@field delay? number seconds until the next attempt, if there is one
---@field timings? table<string, number> seconds
---@field call? table of the program, the same in all hooks of a call; where there is an on_request

---The argument of `on_request`: changing it changes no request.
---@class cognito.RequestView
---@field operation string
---@field params table masked, as `cognito.redact` does
---@field attempt integer 1 for the first
---@field max_attempts integer
---@field signed boolean
---@field effect "read"|"repeat"|"once"|"message"
---@field url string of the endpoint
---@field call table of the program, the same in all hooks of a call

---@class cognito.RetryStrategy
---@field delay fun(self: cognito.RetryStrategy, attempt: cognito.FailedAttempt): number? seconds; nil: the call ends

---@class cognito.FailedAttempt
---@field operation string
---@field attempt integer 1 for the first
---@field max_attempts integer
---@field effect "read"|"repeat"|"once"|"message"
---@field code string
---@field kind string
---@field reason? string
---@field status? integer HTTP status
---@field outcome "unsent"|"throttled"|"unknown"
---@field hint? number seconds that the reply asks for
---@field elapsed number seconds since the call began

---The answer of `cognito.recovery.advise` about a user.
---@class cognito.Advice
---@field user_status? string absent for an unknown user
---@field enabled? boolean
---@field verified { email: boolean, phone_number: boolean }
---@field operation? string the call that helps
---@field params? table of that call
---@field reason? "unknown_user"|"user_disabled"|"external_provider"|"admin_only"|"no_verified_contact"|"second_factor"|"no_contact"|"no_such_factor"|"secondary_replica"|"unknown_status" why none does
---@field text string for the operator
---@field rules { rule: string, documented: boolean, source: string }[] that the advice goes by
---@field lost? string the factor that is lost, as asked
---@field factors? string[] that the user signs in with, where they were looked up
---@field region? string of the primary, at a secondary replica

---@class cognito.AdviceOptions
---@field lost? "SOFTWARE_TOKEN_MFA"|"SMS_MFA"|"EMAIL_OTP"|"WEB_AUTHN" a second factor
---@field factors? boolean looks up what the user signs in with, so that users without a password are known
---@field replicas? table the reply of `pool:list_user_pool_replicas {}`

---@class cognito.SignInOptions
---@field on_challenge? fun(challenge: cognito.Challenge): string|table|nil, string? the answer, or responses under the service's names; another session
---@field flow? "USER_SRP_AUTH"|"USER_PASSWORD_AUTH"|"USER_AUTH"|"CUSTOM_AUTH"
---@field preferred_challenge? "PASSWORD_SRP"|"PASSWORD"|"EMAIL_OTP"|"SMS_OTP" of the flow USER_AUTH
---@field remember_device? boolean|string true, or the device's name for people
---@field resume? cognito.Challenge at which an earlier call ended
---@field client_metadata? table<string, string> for the pool's triggers
---@field user_context_data? cognito.UserContextDataType of the user's browser, for threat protection

---A device that the service remembers; a secret.
---@class cognito.Device
---@field key string
---@field group_key string
---@field password string

---@class cognito.Tokens: cognito.AuthenticationResultType
---@field username? string the pool's own name of the user
---@field device? cognito.Device
---@field device_error? cognito.Error why a device is not to be relied on

---@class cognito.RefreshOptions
---@field rotation? boolean the app client rotates refresh tokens
---@field client_metadata? table<string, string> for the pool's triggers

---@class cognito.SecureOptions
---@field lock? boolean a random password instead of disabling the user
---@field factors? ("SOFTWARE_TOKEN_MFA"|"SMS_MFA"|"EMAIL_OTP"|"WEB_AUTHN")[] to remove
---@field events? integer how many to list, 60 by default
---@field since? number epoch seconds: older events are not listed, and devices added before are kept

---What became of each step of `recovery.secure`.
---@class cognito.SecureAccount
---@field username string
---@field steps cognito.SecureStep[]
---@field closed boolean no new tokens can be had
---@field complete boolean closed, and no step failed or is unknown
---@field tokens_until? number epoch seconds: access tokens of the app clients that are known live until then
---@field tokens_until_at_most? number epoch seconds: access tokens of any app client live until then
---@field factors? string[] of the user
---@field events cognito.AuthEventType[] the newest first

---@class cognito.SecureStep
---@field step "disable"|"lock"|"sign_out"|"sessions"|"devices"|"list_factors"|"remove_factor"|"events"|"tokens"
---@field state "done"|"failed"|"unknown"|"unavailable"|"skipped"
---@field err? cognito.Error
---@field detail? string why it is unavailable or skipped
---@field factor? string of remove_factor
---@field found? integer of sessions, devices and events
---@field done? integer of sessions and devices
---@field failed? integer of sessions and devices
---@field unknown? integer of sessions and devices
---@field kept? integer of devices, with `since`: those added before
---@field app_clients? string[] of tokens: the app clients that were asked

---A challenge of a sign-in that the password does not answer.
---@class cognito.Challenge
---@field name string such as "SMS_MFA"
---@field parameters table<string, string> as the service sent them
---@field username string the pool's own name of the user
---@field session? string
---@field choices? string[] factors or challenges to choose from
---@field required_attributes? string[] of NEW_PASSWORD_REQUIRED
---@field user_attributes? table<string, string> of NEW_PASSWORD_REQUIRED

---The answer of `cognito.recovery.public_answer`, safe for a page to show.
---@class cognito.Page
---@field outcome "accepted"|"done"|"not_accepted"|"bad_password"|"try_later"|"broken"
---@field log cognito.PageLog

---May be logged; tostring makes one line of it.
---@class cognito.PageLog
---@field operation? string
---@field outcome string
---@field code? string
---@field reason? string
---@field field? string the parameter at fault
---@field status? integer HTTP status
---@field request_id? string
---@field attempts? integer
---@field ambiguous? boolean
---@field hint? string for the operator

---@alias cognito.Effect "read"|"repeat"|"once"|"message"

---@class cognito.Operation
---@field name string
---@field wire_name string the service's spelling
---@field effect cognito.Effect the effect of carrying it out twice
---@field rules cognito.Rule[] parameters that decide the effect
---@field signed boolean
---@field secret? string the member that takes the client secret or its hash
---@field input cognito.Member[]
---@field output cognito.Member[]
---@field errors string[]

---@class cognito.Rule
---@field member string
---@field value string
---@field effect cognito.Effect

---@class cognito.Shape
---@field type string
---@field min? integer
---@field sensitive? boolean
---@field members? cognito.Member[] of a structure
---@field element? cognito.Shape of a list
---@field value? cognito.Shape of a map

---@class cognito.Member: cognito.Shape
---@field name string
---@field wire_name string the service's spelling
---@field required? boolean

---@class cognito.Request
---@field method string
---@field url string
---@field headers string[][] pairs of name and value
---@field body string

---@class cognito.Response
---@field status integer
---@field headers table<string, string> by lower-case name
---@field body string

---@alias cognito.SendFunction fun(request: cognito.Request, options: table): cognito.Response?, table|string?

---Sends requests and waits between attempts: any object with the first two of these methods.
---@class cognito.Runtime
---@field send fun(self: cognito.Runtime, request: cognito.Request, options: table): cognito.Response?, table?
---@field sleep fun(self: cognito.Runtime, seconds: number): boolean?, table? nil and an error end the call
---@field now? fun(self: cognito.Runtime): number seconds since the epoch
---@field clock? fun(self: cognito.Runtime): number seconds that only go forward
---@field admit? fun(self: cognito.Runtime, host?: string): boolean?, table? waits until a call may begin; nil and an error refuse it
---@field release? fun(self: cognito.Runtime) a call has ended
---@field detach? fun(self: cognito.Runtime, fn: function): boolean runs it apart from the calls; whether it will

---The runtime for many calls at once.
---@class cognito.Loop: cognito.Runtime
---@field spawn fun(self: cognito.Loop, fn: function, ...: any): cognito.Task
---@field run fun(self: cognito.Loop) until all tasks have ended
---@field step fun(self: cognito.Loop, seconds: number, budget?: number): integer how many tasks are left
---@field pollfd fun(self: cognito.Loop): integer
---@field events fun(self: cognito.Loop): string
---@field timeout fun(self: cognito.Loop): number?
---@field stats fun(self: cognito.Loop): { tasks: integer, requests: integer, connections: integer }
---@field close fun(self: cognito.Loop)

---@class cognito.LoopOptions
---@field concurrency? integer calls to one host at the same time, 64 by default
---@field max_connections? integer to one host, as many as concurrency by default
---@field new_connections? integer begun in one step at most
---@field on_error? fun(err: any, task: cognito.Task) receives failures of tasks that are not awaited
---@field ca_file? string certificates to trust, in one PEM file
---@field ca_path? string certificates to trust, in a hashed directory
---@field proxy? string URL of an HTTP proxy
---@field max_response? integer largest reply that is read, 1 MiB by default
---@field allow_http? boolean plain http to other than a loopback address

---A function that runs in a loop.
---@class cognito.Task
---@field await fun(self: cognito.Task): any ... what the function returned; raises what it raised
---@field cancel fun(self: cognito.Task, reason?: string): boolean
---@field timeout fun(self: cognito.Task, seconds: number): cognito.Task
---@field status fun(self: cognito.Task): "new"|"running"|"done"|"failed"|"cancelled"

---Bulk recovery: `require "cognito.bulk"`.
---@class cognito.bulk
local bulk = {}

---Looks all users up and writes the plan to a new journal.
---@param given cognito.BulkPlanOptions
---@return cognito.BulkJob? job
---@return cognito.Error err nil where it succeeded
function bulk.plan(given) end

---Opens the journal of a plan that was made.
---@param given { journal: string, pool?: cognito.Client }
---@return cognito.BulkJob? job
---@return cognito.Error err nil where it succeeded
function bulk.open(given) end

---The jobs of a PostgreSQL database.
---@param given { journal: string }
---@return cognito.BulkListed[]? jobs
---@return cognito.Error err nil where it succeeded
function bulk.jobs(given) end

---The users of a pool, page by page; the iterator raises a cognito.Error.
---@param pool cognito.Client
---@param given? { filter?: string }
---@return fun(): cognito.BulkUser?
function bulk.users(pool, given) end

---A file (names, or a report), an iterator, a list, or users of an earlier job.
---@alias cognito.BulkSource string|(fun(): string|table|nil)|string[]|table[]|{ file: string, format?: "csv"|"jsonl"|"lines", column?: string, outcome?: cognito.BulkOutcome[] }|{ journal: string, outcome: cognito.BulkOutcome[] }

---@alias cognito.BulkAction "reset"|"lock"|"set-password"|"resend"|"invite"|"disable"|"enable"|"sign-out"|"secure"

---@class cognito.BulkPlanOptions
---@field pool cognito.Client
---@field journal string path, or postgres://user@host/database?job=NAME
---@field action cognito.BulkAction
---@field users cognito.BulkSource|{ filter: string }
---@field exclude? cognito.BulkSource names that are left out
---@field allow_unmatched? boolean lines of `exclude` that match no user do not stop the plan
---@field expect_email? string the column with the address that the user should have
---@field status? string|string[] only users of such a status
---@field older_than? number|string only users created at least this long ago: seconds, or a text like 7d
---@field created_before? number|string only users created before this time: epoch seconds, or RFC 3339
---@field sign_out? boolean|"sessions" end the sessions, too, and those of the managed login; true by default
---@field recheck? boolean look each user up once more before a message; true by default
---@field again? boolean reset users again who have been reset before
---@field permanent? boolean of set-password; true by default
---@field quotas? boolean look the account's request rates up
---@field lock? boolean of secure: a random password instead of disabling
---@field factors? ("SOFTWARE_TOKEN_MFA"|"SMS_MFA"|"EMAIL_OTP")[] of secure: those to remove
---@field look_up_rate? number look-ups per second, 10 by default
---@field on_progress? fun(calls: { list_users: integer, admin_get_user: integer })

---@class cognito.BulkRunOptions
---@field rate? number users per second, for all workers together; 5 at first
---@field concurrency? integer calls at once, 8 by default
---@field limit? integer stop after so many users
---@field hold? boolean hold the job at the limit, until it is resumed
---@field max_failures? integer 100 by default; 0: never stop
---@field daily_limit? integer messages within 24 hours
---@field max_sms? integer refuse to begin with more SMS planned
---@field builtin_mail? boolean more than 50 mails by the built-in sender are meant
---@field on_progress? fun(progress: cognito.BulkProgress) once a second
---@field password? fun(row: cognito.BulkRow): string?, string?, string? of set-password
---@field client_metadata? table<string, string> for the pool's triggers
---@field caller? string the caller's name, for the report
---@field yes? boolean approve the plan as it is
---@field by? string the approver's name
---@field lease? number seconds, 600 by default (PostgreSQL)
---@field moved? boolean the journal has been moved or copied, and no other copy of it is used
---@field settle? number seconds, 30 by default
---@field patience? number seconds that the journal or the network may be away, 900 by default
---@field at? fun(step: string) called at every step, for tests that end there

---@class cognito.BulkListed
---@field job string the name that a URL takes
---@field action? cognito.BulkAction
---@field pool? string
---@field state string of the job; other_version or unreadable
---@field code? string why it is unreadable
---@field why? string it stopped last
---@field planned_at? number seconds since the epoch
---@field total? integer users
---@field over? integer users who are done with
---@field workers? integer

---@class cognito.BulkUser
---@field username string
---@field sub string
---@field status string
---@field enabled boolean
---@field created? number seconds since the epoch
---@field modified? number seconds since the epoch
---@field attributes table<string, string>

---@alias cognito.BulkOutcome "planned"|"started"|"accepted"|"still_signed_in"|"failed"|"skipped"|"uncertain"

---@class cognito.BulkStep
---@field step string
---@field state "done"|"failed"|"unknown"|"unavailable"|"open"
---@field code? string
---@field detail? string
---@field request_id? string
---@field found integer sessions or devices
---@field ended integer of these, as far as the answers came
---@field finished_at? number seconds since the epoch

---@class cognito.BulkRow
---@field steps? cognito.BulkStep[] of secure
---@field tokens_until_at_most? number of secure: seconds since the epoch
---@field id integer
---@field username string
---@field sub? string none of an unknown user
---@field line? integer of the source
---@field status_before? string
---@field plan "act"|"skip"
---@field reason? string why skip
---@field note? string words about a user who is acted on all the same
---@field outcome cognito.BulkOutcome
---@field sign_out? "due"|"started"|"done"|"failed"
---@field sign_out_code? string
---@field code? string of the last error
---@field detail? string a finer word
---@field request_id? string
---@field attempts integer
---@field started_at? number seconds since the epoch
---@field finished_at? number seconds since the epoch

---@class cognito.BulkSummary
---@field plan string hash of the plan
---@field action cognito.BulkAction
---@field pool string
---@field sign_out boolean
---@field resumed boolean the plan was interrupted, and went on
---@field sessions boolean the sessions of the managed login are ended, too
---@field recheck boolean each user is looked up again before the message
---@field created_before? number seconds since the epoch, where the plan chose by it
---@field statuses? string[] where the plan chose by them
---@field total integer
---@field act integer
---@field skip integer
---@field by_status table<string, { act: integer, skip: integer }>
---@field by_reason table<string, integer> why users are skipped
---@field by_medium table<string, integer> EMAIL, SMS, none
---@field by_note table<string, integer> about users who are acted on all the same
---@field no_way_back integer users who cannot recover by themselves after a lock, or while they are disabled
---@field locks boolean the action voids the password, and a code brings the user back
---@field disables boolean the action disables users, who cannot recover before they are enabled
---@field duplicates integer further names of users who were listed already
---@field unmatched integer lines of `exclude` that match no user
---@field unmatched_names string the first of them
---@field calls { list_users: integer, admin_get_user: integer } of the plan; the second are billed
---@field rate number users per second
---@field seconds number that the run takes at this rate, whatever the daily limit
---@field quotas? table<string, number|string> where they were looked up: requests per second by category, or an error's code
---@field bound_by? string the category whose rate takes longer than the job's
---@field mails_a_day? integer of the pool's built-in sender
---@field calls_per_user integer of the run; at least, where steps end what they find
---@field steps? string[] where the action has several; each takes a slot of the rate

---@class cognito.BulkProgress
---@field planned integer
---@field started integer
---@field accepted integer
---@field failed integer
---@field skipped integer
---@field uncertain integer
---@field still_signed_in integer accepted, but the sign-out failed
---@field sign_outs integer still open
---@field in_flight integer
---@field claimed integer users that this run has begun
---@field rate number users per second at present
---@field elapsed number seconds
---@field seconds_left? number
---@field trouble? string code of the answer that slows it down
---@field stopping? string why

---@class cognito.BulkStatus
---@field state "planning"|"planned"|"approved"|"running"|"held"|"paused"|"cancelled"|"done"
---@field why? string it stopped last
---@field is_worked_on boolean
---@field action cognito.BulkAction
---@field pool string
---@field plan string hash of the plan
---@field total integer
---@field planned integer
---@field started integer
---@field accepted integer
---@field failed integer
---@field skipped integer
---@field uncertain integer
---@field still_signed_in integer accepted, but the sign-out failed
---@field failed_by_code table<string, integer>
---@field steps? { step: string, done: integer, failed: integer, unknown: integer, unavailable: integer }[] of secure: numbers of users
---@field sign_outs integer still open
---@field rate number users per second
---@field seconds_left? number at the full rate and within the daily limit
---@field waits_for_days? boolean whether the daily limit makes most of it
---@field daily_limit_until? number seconds since the epoch; where the daily limit is used up, when it lets messages out again
---@field limits table<string, any> the job's limits, under the names of the options of `run`
---@field endpoint? string URL that the job calls
---@field runs cognito.BulkWorker[]
---@field stopped_by? cognito.Error the error that stopped the run

---@class cognito.BulkWorker
---@field worker string
---@field host? string
---@field pid? string
---@field tool_version string
---@field caller? string
---@field endpoint? string
---@field started_at number seconds since the epoch
---@field ended_at? number seconds since the epoch
---@field why? string it ended

---Each but `rows`, `stop` and `close` returns nil and an error when it fails.
---@class cognito.BulkJob
---@field summary fun(self: cognito.BulkJob): cognito.BulkSummary?, cognito.Error
---@field approve fun(self: cognito.BulkJob, given?: { plan?: string, by?: string }): boolean?, cognito.Error
---@field run fun(self: cognito.BulkJob, given?: cognito.BulkRunOptions): cognito.BulkStatus?, cognito.Error
---@field stop fun(self: cognito.BulkJob) lets the run end, from one of its hooks
---@field status fun(self: cognito.BulkJob): cognito.BulkStatus?, cognito.Error
---@field pause fun(self: cognito.BulkJob): boolean?, cognito.Error
---@field resume fun(self: cognito.BulkJob, given?: { failed?: boolean, code?: string, uncertain?: boolean, by?: string }): boolean?, cognito.Error
---@field cancel fun(self: cognito.BulkJob): boolean?, cognito.Error
---@field rows fun(self: cognito.BulkJob): fun(): cognito.BulkRow?
---@field report fun(self: cognito.BulkJob, write: fun(text: string), given?: { format?: "csv"|"jsonl", redact?: boolean }): boolean?, cognito.Error
---@field purge fun(self: cognito.BulkJob): boolean?, cognito.Error
---@field close fun(self: cognito.BulkJob)

---Where the credentials of signed operations come from: `require "cognito.credentials"`.
---@class cognito.credentials
local credentials = {}

---A provider that looks where the AWS command does.
---@param options? cognito.ChainOptions
---@return cognito.CredentialsProvider provider
function credentials.chain(options) end

---A field that is absent is taken from the client whose call needs the look-up.
---@class cognito.ChainOptions
---@field profile? string of the shared configuration files
---@field mfa_code? fun(serial: string): string?, cognito.Error|string? the six digits that an MFA device shows
---@field role_cache? boolean keep sessions of roles that took an MFA device's code in the aws command's files
---@field region? string of STS
---@field use_fips? boolean the services' FIPS endpoints
---@field use_dualstack? boolean their endpoints with IPv6
---@field allow_http? boolean plain http to other than a loopback address
---@field ca_file? string certificates to trust, in one PEM file
---@field ca_path? string certificates to trust, in a hashed directory
---@field proxy? string|false URL of an HTTP proxy
---@field runtime? cognito.Runtime the runtime that look-ups go through
---@field metadata_runtime? cognito.Runtime the runtime that asks container and instance
---@field env? fun(name: string): string? like `os.getenv`
---@field read_file? fun(path: string): string?, string? a file's text, or nil and a reason
---@field write_file? fun(path: string, text: string): boolean?, string? replaces a private file
---@field lock_file? fun(path: string): function?, string? returns a function that unlocks it
---@field run? fun(words: string[], seconds: number, without: string[]): table?, string? runs a program to its end
---@field now? fun(): number seconds since the epoch
---@field random? fun(): number at least 0, below 1

---@class cognito.CredentialsProvider
---@field get fun(self: cognito.CredentialsProvider): cognito.Credentials?, table?
---@field refresh fun(self: cognito.CredentialsProvider, old?: cognito.Credentials): cognito.Credentials?, table? others than those
---@field describe fun(self: cognito.CredentialsProvider): { source?: string, expires_at?: number, account_id?: string }

---Which call helps a user, and which answer a page may show: `require "cognito.recovery"`.
---@class cognito.recovery
local recovery = {}

---Which call helps a user, or why none does.
---@param pool cognito.Client
---@param username string
---@param described? table the reply of `pool:describe_user_pool {}`
---@param options? cognito.AdviceOptions
---@return cognito.Advice? advice
---@return cognito.Error err nil where it succeeded
function recovery.advise(pool, username, described, options) end

---Signs a user in by password (SRP by default), through all challenges.
---@param pool cognito.Client
---@param given { username: string, password?: string, device?: cognito.Device }
---@param options? cognito.SignInOptions
---@return cognito.Tokens? tokens
---@return cognito.Error err nil where it succeeded
---@return cognito.Meta? meta
function recovery.sign_in(pool, given, options) end

---Has the service remember the device of a sign-in whose challenges a program answered itself.
---@param pool cognito.Client
---@param tokens cognito.AuthenticationResultType
---@param name? string of the device, for people
---@return cognito.Device? device
---@return cognito.Error err nil where it succeeded
function recovery.remember_device(pool, tokens, name) end

---New tokens for those of an earlier sign-in.
---@param pool cognito.Client
---@param tokens cognito.Tokens|{ refresh_token: string, username?: string, device?: { key: string } }
---@param options? cognito.RefreshOptions
---@return cognito.Tokens? tokens
---@return cognito.Error err nil where it succeeded
---@return cognito.Meta? meta
function recovery.refresh(pool, tokens, options) end

---Makes an account safe after a takeover, with an account of every step.
---@param pool cognito.Client
---@param username string
---@param options? cognito.SecureOptions
---@return cognito.SecureAccount? account
---@return cognito.Error err nil where it succeeded
function recovery.secure(pool, username, options) end

---An answer that tells a stranger nothing.
---@param result? table
---@param err? cognito.Error
---@param meta? cognito.Meta
---@return cognito.Page page
function recovery.public_answer(result, err, meta) end

---Texts from elsewhere, fit for a terminal and a log: `require "cognito.printable"`.
---@class cognito.printable
local printable = {}

---A text in one line that holds only visible characters.
---@param text any
---@return string
function printable.clean(text) end

---@class cognito.CqueuesOptions
---@field ca_file? string certificates to trust, in one PEM file
---@field ca_path? string certificates to trust, in a hashed directory
---@field proxy? string URL of an HTTP proxy
---@field max_response? integer largest reply that is read, 1 MiB by default
---@field allow_http? boolean plain http to other than a loopback address
---@field max_connections? integer to one host, 64 by default

---@class cognito.CqueuesRuntime: cognito.Runtime
---@field close fun(self: cognito.CqueuesRuntime) cancels its calls and closes its connections

---The C core alone: `require "cognito.core"`.
---@class cognito.core
local core = {}

---@param operation string such as "forgot_password"
---@param params table
---@param context? table plain values: `endpoint`, `region`, `credentials` and more
---@return cognito.Request? request
---@return table? err
function core.build(operation, params, context) end

---@param operation string such as "forgot_password"
---@param response cognito.Response
---@return table? result
---@return table? err
---@return table meta
function core.parse(operation, response) end

---Signs a request by Signature Version 4.
---@param request cognito.Request
---@param options { credentials: cognito.Credentials, region: string, service?: string, time?: number, normalize?: boolean, sign_body?: boolean, omit_session_token?: boolean }
---@return string[][]? headers to send
---@return table steps or an error
function core.sign(request, options) end

---@param options? table
---@return cognito.Http http
function core.http(options) end

---@return number seconds since the epoch
function core.now() end

---@return number seconds that only go forward
function core.clock() end

---@param seconds number
function core.sleep(seconds) end

---@return table<string, any>
function core.info() end

---@class cognito.Http
---@field send fun(self: cognito.Http, request: cognito.Request, options?: table): cognito.Response?, table?
---@field start fun(self: cognito.Http, request: cognito.Request, options?: table): integer?, table?
---@field cancel fun(self: cognito.Http, id: integer): boolean
---@field step fun(self: cognito.Http, seconds: number, budget?: number): integer, number? outcomes to take, and the rest of the budget
---@field take fun(self: cognito.Http): integer?, cognito.Response?, table?
---@field pollfd fun(self: cognito.Http): integer
---@field events fun(self: cognito.Http): string
---@field timeout fun(self: cognito.Http): number?
---@field stats fun(self: cognito.Http): { connections: integer, transfers: integer, in_flight: integer }
---@field close fun(self: cognito.Http)

---A local user pool: `require "cognito.sandbox"`.
---@class cognito.sandbox
local sandbox = {}

---@param settings? cognito.SandboxSettings
---@return cognito.Sandbox box
function sandbox.new(settings) end

---@class cognito.SandboxSettings
---@field user_pool_id? string
---@field client_id? string
---@field client_secret? string|false false: a public client
---@field other_client_secret? string|false a second active one
---@field credentials? cognito.Credentials that signatures are checked against
---@field region? string
---@field prevent_user_existence_errors? "ENABLED"|"LEGACY"
---@field recovery? "legacy"|"verified_phone_first"|"verified_email_first"|"verified_phone_number"|"verified_email"|"admin_only"
---@field username_attributes? string[]
---@field alias_attributes? string[]
---@field auto_verified_attributes? string[] attributes that a sign-up code may go to
---@field email_sender? "COGNITO_DEFAULT"|"DEVELOPER"
---@field case_sensitive? boolean
---@field mfa? "OFF"|"OPTIONAL"|"ON"
---@field device_tracking? "off"|"always"|"user_opt_in"
---@field first_factors? ("PASSWORD"|"EMAIL_OTP"|"SMS_OTP")[]|false
---@field required_attributes? string[]
---@field refresh_token_rotation? boolean
---@field code? string the same code each time
---@field seed? string the same codes in every run
---@field now? fun(): number where the clock starts from
---@field limits? table<string, integer> an hour, by operation
---@field lifetimes? table<string, number> seconds, by the code or token
---@field issuer? string URL
---@field triggers? table<string, fun(event: table)>
---@field users? cognito.SandboxUser[]
---@field log? fun(line: string) given a line for each request
---@field assumptions? table see docs/sandbox.md

---@class cognito.SandboxUser
---@field username? string
---@field password? string
---@field email? string
---@field email_verified? boolean
---@field phone_number? string
---@field phone_number_verified? boolean
---@field attributes? table<string, string>
---@field status? "CONFIRMED"|"UNCONFIRMED"|"RESET_REQUIRED"|"FORCE_CHANGE_PASSWORD"|"EXTERNAL_PROVIDER"
---@field enabled? boolean
---@field sms_mfa? boolean
---@field email_mfa? boolean
---@field totp_secret? string base32
---@field preferred_mfa? string
---@field devices? integer how many are remembered
---@field managed_logins? integer sessions of the managed login

---@class cognito.SandboxFault
---@field what string `drop`, `throttle`, `delay` and more: docs/sandbox.md
---@field operation? string any when left out
---@field phase? "connect"|"first_byte"|"head"|"before"|"after"
---@field times? integer 1 by default
---@field chance? number 0 to 1
---@field seconds? number
---@field code? string
---@field message? string
---@field status? integer
---@field bytes? integer
---@field cut? integer|"headers"|"body" how much of the reply comes through

---@class cognito.Sandbox: cognito.Runtime
---@field outbox table[] the messages that it would have sent
---@field settings fun(self: cognito.Sandbox): cognito.Settings
---@field add_user fun(self: cognito.Sandbox, user: cognito.SandboxUser): table
---@field user fun(self: cognito.Sandbox, name: string): table?
---@field code fun(self: cognito.Sandbox, name: string): string the last code that the user was sent; nil where there is none
---@field totp fun(self: cognito.Sandbox, name: string): string? the code that the user's software token shows
---@field on fun(self: cognito.Sandbox, trigger: string, fn?: fun(event: table)) sets a Lambda trigger
---@field jwks fun(self: cognito.Sandbox): table the keys that tokens are signed with
---@field served_at fun(self: cognito.Sandbox, url: string) where its tokens' issuer is
---@field executions fun(self: cognito.Sandbox, operation?: string, name?: string): integer|table
---@field reset fun(self: cognito.Sandbox) as it was when it was new
---@field advance fun(self: cognito.Sandbox, seconds: number) puts its clock forward
---@field now fun(self: cognito.Sandbox): number
---@field misbehave fun(self: cognito.Sandbox, fault: cognito.SandboxFault)
---@field behave fun(self: cognito.Sandbox): integer orders that were taken back
---@field handle fun(self: cognito.Sandbox, request: table): table the bare handler

---One method per operation; each returns a table, or nil and an error, and
---the facts about the exchange.
---The pages of a listing: an iterator that raises, or `next`.
---@class cognito.Pages
---@field next fun(self: cognito.Pages): table?, cognito.Error, cognito.Meta?
---@overload fun(): table?

---The items of a listing's pages: an iterator that raises, or `next`.
---@class cognito.Items
---@field next fun(self: cognito.Items): any, cognito.Error
---@overload fun(): any

---@class cognito.Client
---@field describe fun(self: cognito.Client): cognito.Description
---@field connect fun(self: cognito.Client): boolean?, cognito.Error opens a connection ahead of the first call
---@field with fun(self: cognito.Client, changes: cognito.Settings): cognito.Client
---@field build fun(self: cognito.Client, operation: string, params: table, options?: cognito.Options): cognito.Request?, cognito.Error the request that a call would send
---@field pages fun(self: cognito.Client, operation: string, params: table, options?: cognito.Options): cognito.Pages
---@field each fun(self: cognito.Client, operation: string, params: table, options?: cognito.Options): cognito.Items
