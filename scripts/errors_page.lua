-- errors_page.lua [--check]: writes docs/errors.md, or tells whether it is
-- stale. Every row comes from where the library itself looks: the tables of
-- hints and texts, the model's errors, and the codes that the sources raise.
local PAGE = "docs/errors.md"
local SOURCES = "find lua/cognito src/http_fault.c src/reply.c -name '*.[ch]'"
  .. " -o -name '*.lua' ! -path '*/sandbox/*' ! -name types.lua"

package.path = "./?.lua;lua/?.lua;lua/?/init.lua;" .. package.path

-- The tables are plain Lua, and the page can be made before anything is built.
package.preload["cognito.native"] = function() return {} end

local errors = require "cognito.errors"
local failure = require "cognito.bulk.failure"
local facts = require "model.facts"
local names = require "model.names"
local texts = require "cognito.texts"

-- ---- the codes that the sources raise ----

-- Words under `code` that are no error's: journals, types, hooks.
local other_words = { ask = true, e = true, ["function"] = true, string = true }

-- Of codes that need no hint, or whose errors each bring their own.
local notes = {
  aborted = "A deadline, a cancelled task or a signal ended the call: call again where it is still wanted",
  changed_since_plan = "In reports: the user is not as the plan found it, so no call was made. Look at the"
    .. " user, and plan again",
  failed = "Of the command: the message says what went wrong",
  internal_error = "Of the command: a mistake in it; please report it with the lines above the error",
  invalid_parameter = "`field` and the message name the parameter or setting: correct it. Nothing was sent",
  late = "In reports: the call came too late after its claim and was not made; the row is planned again",
  no_one_to_act_on = "Of the command: the plan skips every user. See the reasons, and correct the list, the"
    .. " column or the action",
  repeated_token = "The service's pages go round in a circle: try again later",
  usage = "Of the command: the command line is wrong, and nothing was sent. `--help` lists the options",
}

local function note_on(code, hint)
  local note = notes[code]
  if not (hint or note) then
    error(("scripts/errors_page.lua: the code %s has neither a hint nor a note"):format(code), 0)
  end
  return hint or note
end

local patterns = {
  lua = {
    'failure%.raise%(%s*"([a-z_]+)"', 'failure%.new%(%s*"([a-z_]+)"', '%.network%(%s*"([a-z_]+)"',
    'code = "([a-z_]+)"',
  },
  c = { '{"([a-z_]+)", "[a-z]', '"([a-z_]+)", "network"', '"(invalid_parameter)"' },
}

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

local function files(command)
  local list, pipe = {}, assert(io.popen(command))
  for path in pipe:lines() do list[#list + 1] = path end
  pipe:close()
  return list
end

local function raised()
  local codes, bulk = {}, {}
  for _, path in ipairs(files(SOURCES)) do
    for _, pattern in ipairs(patterns[path:match "%.(%a+)$"]) do
      for code in read(path):gmatch(pattern) do
        local into = path:find "/bulk/" and bulk or codes
        into[code] = not other_words[code] or nil
      end
    end
  end
  return codes, bulk
end

-- ---- the page ----

local lines = {}

local function put(form, ...)
  lines[#lines + 1] = select("#", ...) > 0 and form:format(...) or form
end

local function sorted(set)
  local list = {}
  for key in pairs(set) do list[#list + 1] = key end
  table.sort(list)
  return list
end

local function cell(text)
  return text and (text:gsub("|", "\\|"):gsub("\n", " ")) or ""
end

local function rows(list, hint_of)
  for _, code in ipairs(list) do
    put("| `%s` | %s |", code, cell(note_on(code, hint_of(code))))
  end
  put ""
end

local function hint(code, kind)
  return errors.new { code = code, kind = kind }.hint
end

local function by_reason()
  local seen = {}
  for _, row in ipairs(texts.rows) do
    seen[row.reason] = seen[row.reason] or { codes = {} }
    seen[row.reason].codes[row.code] = true
  end
  return seen
end

local function declared()
  local by_code = {}
  for name, operation in pairs(facts.operations) do
    for _, code in ipairs(operation.errors) do
      by_code[code] = by_code[code] or {}
      by_code[code][#by_code[code] + 1] = names.snake(name)
    end
  end
  return by_code
end

-- Nearly all operations declare some errors: then their names tell nothing.
local function declared_by(list)
  table.sort(list)
  if #list > 4 then
    return #list .. " operations"
  end
  return "`" .. table.concat(list, "`, `") .. "`"
end

local function write_page()
  local ours, bulk = raised()
  for code in pairs(failure.hints) do bulk[code] = true end
  for code in pairs(bulk) do
    if failure.hints[code] then
      ours[code] = nil
    elseif ours[code] then
      bulk[code] = nil
    end
  end
  for code in pairs(notes) do
    assert(ours[code] or bulk[code], "scripts/errors_page.lua: a note on a code that no source raises: " .. code)
  end
  put "# Errors"
  put ""
  put "<!-- Generated by scripts/errors_page.lua from the sources; make check-generated compares. -->"
  put ""
  put "Every code, reason and hint, as the library has them. An error is a table: `code`, `kind`, `message`,"
  put "`operation`, `status`, `request_id`, `attempts`, `retryable`, `ambiguous`, `partial`, `reason`,"
  put "`field` and `hint`."
  put "Programs decide by `code` and `reason`, which are stable; `message` and `hint` are for people. `ambiguous` means"
  put "that the service may have carried the call out: look before calling again."
  put ""
  put "| kind | origin |"
  put "|---|---|"
  put "| `validation` | the program's: parameters or settings; nothing was sent |"
  put "| `credentials` | the set-up's: credentials are missing, broken or could not be renewed; nothing was sent |"
  put "| `network` | the way to the service, or an answer that cannot be read |"
  put "| `throttle` | the service's: too many requests |"
  put "| `service` | the service's answer |"
  put "| `bulk` | a bulk job's: its input, its plan or its journal |"
  put ""
  put "## Codes of the library"
  put ""
  put "`http_400`, `http_503` and the like are answers without the service's name for the error. %s."
  lines[#lines] = lines[#lines]:format(hint "http_503")
  put ""
  put "| code | what to do |"
  put "|---|---|"
  rows(sorted(ours), function(code) return hint(code) end)
  put "## Codes of bulk jobs"
  put ""
  put "Those that begin with `journal_` are about the journal. `late` and `changed_since_plan` stand in a"
  put "job's report, beside the"
  put "codes of calls that failed."
  put ""
  put "| code | what to do |"
  put "|---|---|"
  rows(sorted(bulk), function(code) return failure.new(code, "").hint end)
  put "## Reasons"
  put ""
  put "The service has one code for many things, and only its text tells them apart. `err.reason` names"
  put "those that are known."
  put ""
  put "| reason | under the codes | what to do |"
  put "|---|---|---|"
  local reasons = by_reason()
  for _, reason in ipairs(sorted(reasons)) do
    put("| `%s` | `%s` | %s |", reason, table.concat(sorted(reasons[reason].codes), "`, `"),
      cell(errors.new { reason = reason }.hint))
  end
  put ""
  put "## Codes of the service"
  put ""
  put "Those that the service's model declares for its operations, and those that any operation may meet"
  put "in front of it (`any`)."
  put ""
  put "| code | declared by | what to do |"
  put "|---|---|---|"
  local by_code = declared()
  for code in pairs(errors.hints) do
    if code:find "^%u" then by_code[code] = by_code[code] or {} end
  end
  for _, code in ipairs(sorted(by_code)) do
    put("| `%s` | %s | %s |", code, by_code[code][1] and declared_by(by_code[code]) or "any", cell(hint(code)))
  end
  return table.concat(lines, "\n") .. "\n"
end

local page = write_page()
if arg[1] == "--check" then
  if read(PAGE) ~= page then
    io.stderr:write(PAGE, " is stale: lua5.4 scripts/errors_page.lua\n")
    os.exit(1)
  end
else
  local file = assert(io.open(PAGE, "wb"))
  assert(file:write(page) and file:close())
end
