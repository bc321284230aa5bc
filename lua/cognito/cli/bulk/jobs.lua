--- The job that a bulk command is about. The library is loaded when a job is
-- opened: help and completion do without.
-- @module cognito.cli.bulk.jobs

local c_locale = require "cognito.c_locale"
local client = require "cognito.cli.client"
local native = require "cognito.native"
local options = require "cognito.cli.options"
local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"
local urls = require "cognito.bulk.journal.url"

local M = {}

local VARIABLE = "COGNITO_BULK_JOURNAL"

--- Adds the option that names the journal.
-- @param command of argparse
-- @tparam[opt] string what it names, and in which form
function M.declare_journal(command, what)
  command:option("--journal", ("%s (%s)."):format(
    what or "The job's journal: a file, or postgres://USER@HOST/DATABASE?job=NAME", VARIABLE)):argname "JOURNAL"
end

--- Adds what a command takes that calls the service.
-- @param command of argparse
function M.declare(command)
  M.declare_journal(command)
  secrets.declare(command, "client_secret")
  options.declare(command)
end

--- Refuses a journal whose name holds a password.
-- @tparam string journal
-- @raise then
function M.refuse_password(journal)
  if urls.has_secret(journal) then
    secrets.refuse("the database's password", ("Set PGPASSWORD, use ~/.pgpass, or put the whole URL into %s")
      :format(VARIABLE))
  end
end

--- The journal that is meant.
-- @tparam table args
-- @tparam table console
-- @treturn string
-- @raise when none is named, or an argument holds a password
function M.journal(args, console)
  local inherited = console.env(VARIABLE)
  if args.journal and args.journal ~= "" then
    M.refuse_password(args.journal)
    return args.journal
  elseif inherited and inherited:find "%S" then
    return inherited
  end
  stop.usage("no journal is named", ("Give --journal, or set %s"):format(VARIABLE))
end

-- What the library says to programs, said to people at a command line.
local hints = {
  admin_only = "Plan the action set-password or lock instead",
  builtin_mail = "Configure Amazon SES for the pool, spread the job over days with --daily-limit 50, or give"
    .. " --builtin-mail if it is meant",
  endpoint_changed = "Give --endpoint if the other one is meant: it is kept, and noted in the report",
  endpoint_from_environment = "Give --endpoint, if that is where the users are",
  journal_exists = "Each job has a journal of its own: name another one, or look at this one with cognito bulk status",
  journal_moved = "If this is the only one, and no job has run on a copy of it, give --moved, once. Otherwise users"
    .. " who received a message through the other one receive a second one",
  journal_missing = "Name the journal that the plan was written to, or make one with cognito bulk plan",
  max_sms = "Raise --max-sms if the cost is meant, or plan fewer users",
  job_over = "cognito bulk report says what became of each user. In a job that is done, cognito bulk resume --failed"
    .. " or --uncertain tries users again; for all others, and for those whom a cancelled job left, make a new plan,"
    .. " with a journal of its own",
  not_approved = "cognito bulk approve shows the plan and asks for its hash; run --yes approves it as it is",
  not_frozen = "The plan was never finished: remove it with cognito bulk purge, and plan again",
  no_passwords = "Fix the program, try it with one user's name, and continue with cognito bulk resume",
  nothing_to_repeat = "A message may have gone out to the other failed users. A new plan would send them another"
    .. " one: cognito bulk plan ACTION --from-journal JOURNAL --outcome failed",
  not_running = "Continue with cognito bulk resume",
  plan_changed = "Look at the plan again with cognito bulk approve",
  unmatched_exclusions = "Correct these lines: the users whom they mean would not be left out. If there are no such"
    .. " users any more, give --allow-unmatched",
  still_running = "Stop its workers with cognito bulk pause",
}

--- What a function of the library returns, or the end of the command.
-- @param result
-- @tparam ?cognito.Error err
-- @return result
-- @raise when there is none
function M.check(result, err)
  if result ~= nil then
    return result
  end
  err.hint = hints[err.code] or err.hint
  stop.with(client.adapt(err))
end

--- Opens the job.
-- @tparam table args
-- @tparam table console
-- @tparam[opt] cognito.Client pool for what calls the service
-- @treturn cognito.BulkJob
-- @raise when it cannot be opened
function M.open(args, console, pool)
  return M.check(require("cognito.bulk").open { journal = M.journal(args, console), pool = pool })
end

--- Calls a function with the job, and closes it.
-- @tparam table args
-- @tparam table console
-- @tparam ?cognito.Client pool
-- @tparam function f gets the job
-- @return what f returns
-- @raise what f raises
function M.with(args, console, pool, f)
  local job = M.open(args, console, pool)
  local ok, result = pcall(f, job)
  job:close()
  if not ok then
    error(result, 0)
  end
  return result
end

--- A path that means the same in every folder.
-- @tparam string path
-- @treturn string
function M.absolute(path)
  local facts = native.file_facts(path)
  return facts and facts.path or path
end

--- The journal, as it is to be typed in any folder. A URL is the same
-- everywhere; one with a password in it stays where it is.
-- @tparam table args
-- @tparam table console
-- @treturn ?string
function M.journal_word(args, console)
  local journal = M.journal(args, console)
  if urls.has_secret(journal) then
    return nil
  end
  return journal:find "^%w+://" and journal or M.absolute(journal)
end

--- The command that comes next, as it is to be typed: in any folder, and on
-- any day.
-- @tparam table args
-- @tparam table console
-- @tparam string words the subcommand and its options
-- @tparam[opt] string remark what to know of it
-- @treturn string
function M.command(args, console, words, remark)
  local journal = M.journal_word(args, console)
  return ("cognito bulk %s%s%s"):format(words, journal and " " .. text.shell_option("--journal", journal) or "",
    remark and "  # " .. remark or "")
end

local from_plan = { "client_id", "region", "profile", "timeout" }

-- What the plan's command line named holds for later ones, unless they name
-- something else.
local function remember(args, console, facts)
  if not args.user_pool_id and not (console.env "COGNITO_USER_POOL_ID" or ""):find "%S" then
    args.user_pool_id = facts.pool
  end
  for _, name in ipairs(from_plan) do
    local kept = facts["client_" .. name]
    if args[name] == nil and kept then
      args[name] = name == "timeout" and c_locale.tonumber(kept) or kept
    end
  end
  args.endpoint = args.endpoint or facts.endpoint
end

--- Makes the client that a job is worked on with: as the plan's was.
-- @tparam table args
-- @tparam table console
-- @treturn cognito.Client
function M.client(args, console)
  remember(args, console, M.with(args, console, nil, function(job) return job.facts end))
  return client.new(args, console)
end

--- The operator, for the report: the system's name of the user.
-- @tparam table args `by`
-- @tparam table console
-- @treturn ?string
function M.operator(args, console)
  local name = args.by or console.env "LOGNAME" or console.env "USER"
  return name ~= "" and name or nil
end

return M
