--- `cognito bulk plan`
-- @module cognito.cli.bulk.plan

local client = require "cognito.cli.client"
local jobs = require "cognito.cli.bulk.jobs"
local looking = require "cognito.cli.bulk.looking"
local number = require "cognito.cli.number"
local parser = require "cognito.cli.parser"
local secure = require "cognito.bulk.secure"
local selection = require "cognito.bulk.selection"
local show = require "cognito.cli.bulk.show"
local stop = require "cognito.cli.stop"

local M = {}

local function delimiter(word)
  word = word == "tab" and "\t" or word
  if #word ~= 1 then
    return nil, "it must be one character, or the word tab"
  end
  return word
end

-- Only the form: the library judges the rest.
local function form_of(option, read, wanted)
  return function(word)
    if read(word) then
      return word
    end
    return nil, ("%s: it must be %s"):format(option, wanted)
  end
end

local function declare_selection(command)
  command:option("--status", "Only users of this status, as list-users shows it; several times, or separated by commas."
    .. " All others are skipped, as with the two below."):argname("STATUS"):count "*"
  command:mutex(
    command:option("--older-than", "Only users created at least this long ago: 7d, 12h (s, m, h, d or w).")
      :argname("TIME"):convert(form_of("--older-than", selection.seconds, selection.SPAN)),
    command:option("--created-before", "Only users created before a date: 2026-11-20 (0:00 UTC) or"
      .. " 2026-11-20T08:00:00Z."):argname("DATE")
      :convert(form_of("--created-before", selection.moment, selection.MOMENT)))
end

local function declare_users(command)
  command:argument("users", "A file with the users, or - for standard input: CSV with a column username, JSON with"
    .. " such a member, or one name per line. The output of aws cognito-idp list-users works."):argname("FILE"):args "?"
  command:option("--filter", "Instead of a file: users of the pool that match a filter, as in list-users.")
    :argname "FILTER"
  command:flag("--all", "Instead of a file: every user of the pool.")
  command:option("--from-journal", "Instead of a file: users of an earlier job of this pool, by --outcome. They are"
    .. " looked up by sub, which identifies the person."):argname "JOURNAL"
  command:option("--outcome", "With --from-journal, or a report as the file: the outcomes of the users to take,"
    .. " separated by commas: failed, uncertain, still_signed_in, accepted, skipped, planned."):argname "LIST"
  command:option("--format", "The file's format, if neither its name nor its first line shows it: csv, jsonl or"
    .. " lines."):argname("FORMAT"):choices { "csv", "jsonl", "lines" }
  command:option("--delimiter", "The separator of CSV fields, if the header does not show it: a character, or the"
    .. " word tab."):argname("CHARACTER"):convert(delimiter)
  command:option("--column", "The column with the users' names, if it is not username."):argname "NAME"
  command:option("--expect-email", "The column with the address that a user should have. A user with another"
    .. " address is skipped, because an attacker may have changed it; lock, disable, sign-out and secure do not skip"
    .. " such a user, and note it.")
    :argname "COLUMN"
  command:option("--exclude", "A file with users to leave out. A name in it that matches no user is an error.")
    :argname "FILE"
  command:flag("--allow-unmatched", "With --exclude: accept names that match no user.")
end

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("action", "The action for every user: reset, lock, set-password, resend, invite, disable, enable,"
    .. " sign-out or secure."):argname("ACTION")
    :choices { "reset", "lock", "set-password", "resend", "invite", "disable", "enable", "sign-out", "secure" }
  declare_users(command)
  declare_selection(command)
  command:mutex(
    command:option("--sign-out", "How reset, lock, set-password and disable end the users' sessions: tokens revokes"
      .. " their tokens (the default), sessions ends those of the managed login, too. Goes with sign-out as well.")
      :argname("KIND"):choices { "tokens", "sessions" },
    command:flag("--no-sign-out", "Keep the users' sessions, which reset, lock, set-password and disable otherwise"
      .. " end."))
  command:mutex(
    command:flag("--recheck", "For reset, resend and invite: look each user up again right before the message, and"
      .. " skip users who have changed since the plan (the default)."),
    command:flag("--no-recheck", "Do not look users up again before the message."))
  command:flag("--again", "Reset users again who have been reset already.")
  command:flag("--temporary", "For set-password: the user must set another password at the next sign-in.")
  command:flag("--lock", "For secure: set a random password instead of disabling users, who can then recover. Look at"
    .. " the verified addresses first: an attacker may have changed them.")
  command:option("--remove-factor", "For secure: remove this second factor, too; may be repeated: "
    .. table.concat(secure.factors, ", ") .. "."):argname("FACTOR"):count("*"):choices(secure.factors)
  command:flag("--quotas", "Look the account's request rates up, and say how long the calls take by them; needs"
    .. " cognito-idp:GetProvisionedLimit.")
  command:option("--look-up-rate", "Look-ups per second (10)."):argname("N"):convert(number.rate "--look-up-rate")
  jobs.declare(command)
  parser.examples(command, {
    "cognito bulk plan lock breached.csv --expect-email email --exclude vip.txt --journal lock.db",
    "cognito bulk plan reset --filter 'cognito:user_status = \"CONFIRMED\"' --journal reset.db",
    "cognito bulk plan invite --all --older-than 7d --journal invite.db",
    "cognito bulk plan lock --from-journal reset.db --outcome failed,uncertain --journal lock.db",
    "cognito bulk plan secure taken.csv --remove-factor SOFTWARE_TOKEN_MFA --journal secure.db",
    "cognito bulk plan reset --all --journal 'postgres://admin@db.internal/ops?job=spring'",
  })
end

local function given_sources(args)
  local n = 0
  for _, name in ipairs { "users", "filter", "all", "from_journal" } do
    n = n + (args[name] and 1 or 0)
  end
  return n
end

local function words_of(text)
  local list = {}
  for word in text:gmatch "[^,%s]+" do
    list[#list + 1] = word
  end
  return list
end

local function outcomes_of(args)
  return args.outcome and words_of(args.outcome)
end

local function statuses_of(args)
  return args.status[1] and words_of(table.concat(args.status, ",")) or nil
end

local function from_journal(args)
  jobs.refuse_password(args.from_journal)
  if not args.outcome then
    stop.usage("--from-journal needs --outcome", "--outcome failed,uncertain, say; cognito bulk status counts them")
  end
  return { journal = args.from_journal, outcome = outcomes_of(args) }
end

local function users_of(args)
  if given_sources(args) ~= 1 then
    stop.usage("name the users by one of these: a file, --filter, --all or --from-journal",
      "cognito bulk plan --help says which files it takes")
  elseif args.from_journal then
    return from_journal(args)
  elseif args.outcome and not args.users then
    stop.usage "--outcome goes with --from-journal, or a report"
  elseif args.users then
    return { file = args.users, format = args.format, delimiter = args.delimiter,
      column = args.column, outcome = outcomes_of(args) }
  end
  return { filter = args.all and "" or args.filter }
end

-- Outcomes after which a message may have gone out all the same.
local function warn(users, summary, console)
  local sends = not summary.by_medium.none and next(summary.by_medium) ~= nil
  for _, outcome in ipairs(sends and users.outcome or {}) do
    if outcome == "uncertain" or outcome == "failed" or outcome == "accepted" then
      console:tell("note: users who are %s there may have received a message, and this plan sends them another one",
        outcome)
    end
  end
end

-- A wrong column, pool or action must not pass for a job well done.
local function refuse_empty(summary, args, console)
  local only_unknown = summary.by_reason.unknown_user == summary.total
  local all = summary.total == 1 and "the only one is" or ("all %d are"):format(summary.total)
  stop.no_one(("no user is left to act on: %s skipped (%s)"):format(all, show.listed(summary.by_reason)),
    (only_unknown and "Are these names of users, and is it their pool? " or "")
    .. ("The report gives each user's reason: %s. To plan again with this journal, remove the plan: %s")
    :format(jobs.command(args, console, "report"), jobs.command(args, console, "purge --yes")))
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local users, journal = users_of(args), jobs.journal(args, console)
  local shown = looking.new(console)
  local job, err = require("cognito.bulk").plan {
    pool = client.new(args, console), journal = journal, action = args.action, users = users,
    exclude = args.exclude, allow_unmatched = args.allow_unmatched or false, expect_email = args.expect_email,
    sign_out = args.sign_out == "sessions" and args.sign_out or not args.no_sign_out,
    recheck = not args.no_recheck, again = args.again or false,
    status = statuses_of(args), older_than = args.older_than, created_before = args.created_before,
    quotas = args.quotas or false, lock = args.lock or nil,
    factors = args.remove_factor[1] and args.remove_factor or nil,
    permanent = not args.temporary, look_up_rate = args.look_up_rate,
    on_progress = function(calls) shown:show(calls) end,
  }
  shown:clear()
  local summary, problem = jobs.check(job, err):summary()
  job:close()
  show.summary(console, jobs.check(summary, problem))
  if summary.act == 0 then
    refuse_empty(summary, args, console)
  end
  if summary.resumed then
    console:tell("note: the making of this plan was interrupted; it went on where it had come to")
  end
  warn(users, summary, console)
  console:tell("next: %s", jobs.command(args, console, "approve"))
end

return M
