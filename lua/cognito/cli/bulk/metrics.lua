--- A run in numbers, for Prometheus: a file in its text format, as node_exporter's
-- textfile collector reads it. It is written whole beside its place and then
-- renamed, so a reader finds the last state or this one.
-- @module cognito.cli.bulk.metrics

local c_locale = require "cognito.c_locale"
local jobs = require "cognito.cli.bulk.jobs"
local native = require "cognito.native"
local stop = require "cognito.cli.stop"
local tables = require "cognito.tables"
local text = require "cognito.cli.text"
local words = require "cognito.bulk.text"

local M = {}

local metrics = {}
local metrics_mt = { __index = metrics }

local FIRST = "# HELP cognito_bulk_users " -- what each file begins with

local OUTCOMES = { "planned", "started", "accepted", "still_signed_in", "failed", "skipped", "uncertain" }

--- Adds the option.
-- @param command of argparse
function M.declare(command)
  command:option("--metrics", "A file with the run's numbers in Prometheus' text format, renewed every second:"
    .. " FILE.prom in the folder of node_exporter's textfile collector."):argname "FILE"
end

--- The option, as it is to be typed again.
-- @tparam table args
-- @treturn string
function M.words(args)
  return args.metrics and " " .. text.shell_option("--metrics", jobs.absolute(args.metrics)) or ""
end

-- What stands in place of the file would be lost: numbers of an earlier run may be.
-- The lock of a journal is empty at first, its -wal and -shm come and go.
local function is_replaceable(path, journal)
  local name = path:match "[^/]*$"
  for _, ending in ipairs { "", ".lock", "-wal", "-shm", "-journal" } do
    if journal and name == journal:match "[^/]*$" .. ending then
      return false
    end
  end
  local content, _, _, is_there = native.read_file(path)
  if not content then
    return not is_there -- a folder, a pipe
  elseif content == "" then
    return (native.check_owned(path)) -- /dev/null reads so, too, and root could replace it
  end
  return content:sub(1, #FIRST) == FIRST
end

--- Looks at what the file would replace, before the run begins.
-- @tparam table args
-- @tparam ?string journal its path
-- @raise when it is anything but numbers of an earlier run
function M.check(args, journal)
  if args.metrics and not is_replaceable(args.metrics, journal) then
    stop.usage(("the file %s of --metrics is something else, which the numbers would replace"):format(args.metrics),
      "Nothing was begun: name a file that is not there yet, such as job.prom")
  end
end

-- ---- the format ----

local escapes = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }

local function label(name, value)
  return ('%s="%s"'):format(name, (tostring(value):gsub('[\\"\n]', escapes)))
end

-- No locale's decimal point. Epoch seconds have ten digits before it.
local function number(value)
  return value % 1 == 0 and ("%.0f"):format(value) or c_locale.format("%.14g", value)
end

local function begin(lines, name, help)
  lines[#lines + 1] = ("# HELP %s %s"):format(name, help)
  lines[#lines + 1] = ("# TYPE %s gauge"):format(name)
end

local function add(lines, name, labels, value)
  lines[#lines + 1] = ("%s{%s} %s"):format(name, labels, number(value))
end

local function single(lines, labels, name, help, value)
  if value then
    begin(lines, name, help)
    add(lines, name, labels, value)
  end
end

local function add_users(lines, labels, counts)
  begin(lines, "cognito_bulk_users", "Users of the job by outcome.")
  for _, outcome in ipairs(OUTCOMES) do
    add(lines, "cognito_bulk_users", labels .. "," .. label("outcome", outcome), counts[outcome])
  end
end

local function add_failures(lines, labels, by_code)
  local codes = tables.sorted_keys(by_code or {})
  if codes[1] then
    begin(lines, "cognito_bulk_failures", "Users who failed, by code.")
  end
  for _, code in ipairs(codes) do
    add(lines, "cognito_bulk_failures", labels .. "," .. label("code", code), by_code[code])
  end
end

--- The text.
-- @tparam table facts about the job
-- @tparam table counts as the library reports them while it runs, or as
--   `job:status` does
-- @tparam table more `running` (a boolean), `state` and `why` of a run that has
--   ended, `now` (epoch seconds)
-- @treturn string
function M.text(facts, counts, more)
  local lines = {}
  local labels = ("%s,%s,%s"):format(label("job", facts.job), label("action", facts.action), label("pool", facts.pool))
  add_users(lines, labels, counts)
  add_failures(lines, labels, counts.failed_by_code)
  single(lines, labels, "cognito_bulk_running", "Whether this run goes on.", more.running and 1 or 0)
  single(lines, labels, "cognito_bulk_rate", "Slots per second: a user each, of secure a step.", counts.rate)
  single(lines, labels, "cognito_bulk_in_flight", "Users whose calls are under way.", counts.in_flight)
  single(lines, labels, "cognito_bulk_sign_outs_open", "Users who are still to be signed out.", counts.sign_outs)
  single(lines, labels, "cognito_bulk_left_seconds", "Time that is left at this pace.", counts.seconds_left)
  if more.state then
    begin(lines, "cognito_bulk_ended", "How the run ended.")
    add(lines, "cognito_bulk_ended", ("%s,%s,%s"):format(labels, label("state", more.state), label("why", more.why)),
      1)
  end
  single(lines, labels, "cognito_bulk_updated_timestamp_seconds", "When this file was written.", more.now)
  return table.concat(lines, "\n") .. "\n"
end

-- ---- the file ----

local function write(path, beside, content)
  local file, message = io.open(beside, "wb")
  if not file then
    return nil, message
  end
  local written, fault = file:write(content)
  local closed, fault_at_end = file:close()
  if not written or not closed then
    os.remove(beside)
    return nil, fault or fault_at_end
  end
  local renamed, problem = os.rename(beside, path)
  if not renamed then
    os.remove(beside)
  end
  return renamed, problem
end

-- A full disk is no failure of the job; it is noted once.
local function put(self, counts, more)
  if not self.path then
    return
  end
  more.now = native.now()
  local written, message = write(self.path, self.beside, M.text(self.facts, counts, more))
  if not written and not self.is_noted then
    self.is_noted = true
    self.console:tell("note: the file %s of --metrics cannot be written: %s", self.path, message or "unknown")
  end
end

--- Writes how the run goes.
-- @tparam table counts as the library reports them
function metrics:show(counts)
  self.counts = counts
  put(self, counts, { running = true })
end

--- Writes that an error ended it, with the last numbers: the journal may be away.
-- Where it did not begin, nothing is written.
-- @tparam string code of the error
function metrics:fail(code)
  if self.counts then
    local counts = tables.copy(self.counts)
    counts.in_flight, counts.seconds_left = 0, nil
    put(self, counts, { running = false, state = "error", why = code })
  end
end

--- Writes how it ended.
-- @tparam table status as from `job:status`
function metrics:finish(status)
  put(self, status, { running = false, state = status.state, why = status.why })
end

--- Begins.
-- @tparam ?string path nil: nothing is written
-- @tparam table facts about the job
-- @tparam table console
-- @treturn table
function M.new(path, facts, console)
  return setmetatable({
    path = path, beside = path and ("%s.%s.tmp"):format(path, words.random_word()), facts = facts, console = console,
  }, metrics_mt)
end

return M
