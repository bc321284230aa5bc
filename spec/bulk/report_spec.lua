-- The contents of a report, and that it can be read back.
local cells = require "cognito.bulk.cells"
local cjson = require "cjson"
local csv = require "cognito.bulk.csv"
local helper = require "spec.support.bulk"
local sources = require "cognito.bulk.sources"

local function report(job, given)
  local parts = {}
  assert(job:report(function(text) parts[#parts + 1] = text end, given))
  return table.concat(parts)
end

local function lines_of(text)
  local next_line = text:gmatch "([^\n]*)\n"
  return function() return next_line() end
end

describe("a report", function()
  local box, pool, job, hash

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    box, pool = helper.world()
    box:add_user { username = 'comma,"quote', email = "a@example.com" }
    box:add_user { username = "off", email = "b@example.com", enabled = false }
    box:add_user { username = "lost", email = "c@example.com" }
    box:add_user { username = "gone", email = "d@example.com" }
    job = helper.plan(pool, { users = { 'comma,"quote', "off", "lost", "gone", "nobody" }, recheck = false })
    pool:admin_delete_user { username = "gone" }
    box:misbehave { operation = "admin_user_global_sign_out", what = "error", code = "UserLambdaValidationException" }
    hash = assert(job:summary()).plan
    assert(job:approve { plan = hash, by = "Ada\nLovelace" })
    assert(job:run { rate = 1000, caller = "arn:aws:iam::1:user/ada" })
  end)

  it("as CSV has a head in comments, and a line for every user", function()
    local text = report(job)
    for _, fact in ipairs { "pool=eu-west-1_Sandbox01", "action=reset", "plan_sha256=" .. hash, "state=done",
      "approved_by=Ada?Lovelace", "tool_version=" .. require "cognito.version" } do
      assert.truthy(text:find("# " .. fact .. "\n", 1, true), fact)
    end
    assert.matches("# run: caller=arn:aws:iam::1:user/ada, endpoint=https://cognito%-sandbox%.invalid, host=", text)
    assert.matches("# planned_at=%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ\n", text)
    local reader = csv.new(lines_of(text))
    local names, found = reader:header(), {}
    for fields in function() return (reader:record()) end do
      local row = {}
      for i, name in ipairs(names) do row[name] = fields[i] end
      found[row.user] = row
    end
    local row = found['comma,"quote']
    assert.same({ "CONFIRMED", "reset", "still_signed_in", "failed", "1", "1" },
      { row.status_before, row.action, row.outcome, row.sign_out, row.line, row.attempts })
    assert.matches("^%x+%-%x+%-%x+%-%x+%-%x+$", row.request_id)
    assert.matches("^%d%d%d%d%-.*Z$", row.finished_at)
    assert.same({ "skipped", "disabled" }, { found.off.outcome, found.off.reason })
    assert.same({ "skipped", "unknown_user", "5" }, { found.nobody.outcome, found.nobody.reason, found.nobody.line })
    assert.same({ "failed", "UserNotFoundException" }, { found.gone.outcome, found.gone.code })
    assert.is_nil(text:find("deliver", 1, true))
    assert.is_nil(text:find("@example.com", 1, true))
  end)

  it("names the caller by the end of the key and where it is from, without a call to find out", function()
    local sandbox_box, client = helper.world(1)
    local key = sandbox_box:settings().credentials
    local planned = helper.plan(client:with { credentials = function() return key end })
    helper.run(planned)
    local who, text = ("access key …%s (a function of the program)"):format(key.access_key_id:sub(-4)), report(planned)
    assert.truthy(text:find("# planned_by=" .. who, 1, true), text)
    assert.truthy(text:find("# run: caller=" .. who, 1, true), text)
    assert.is_nil(text:find(key.access_key_id, 1, true))
    assert.equal(0, sandbox_box:executions "admin_get_user")
  end)

  it("as JSON lines has one object per line, the head first", function()
    local head, rows = nil, {}
    for line in report(job, { format = "jsonl" }):gmatch "[^\n]+" do
      local object = cjson.decode(line)
      if head then rows[object.user] = object else head = object.audit end
    end
    assert.equal(hash, head.plan_sha256)
    assert.equal("Ada\nLovelace", head.approved_by)
    assert.equal("done", head.runs[1].why)
    assert.equal("accepted", rows.lost.outcome)
    assert.equal(3, rows.lost.line)
    assert.is_nil(rows.off.code)
  end)

  it("can name users by hashes that only the journal's owner can tell", function()
    local text = report(job, { redact = true })
    for _, name in ipairs { "comma", "off,", "lost", "gone", "nobody", box:user("lost").attributes.sub } do
      assert.is_nil(text:find(name, 1, true), name)
    end
    assert.equal(5, select(2, text:gsub("hmac%-sha256:%x+", "")))
    assert.equal(text, report(job, { redact = true }))
    local other = helper.plan(pool, { users = { "lost" }, again = true })
    assert.is_nil(text:find(report(other, { redact = true }):match "hmac%-sha256:%x+", 1, true))
  end)

  it("can be had in between, and of a plan that was never run", function()
    local text = report(helper.plan(pool, { users = { "lost" }, again = true }), { format = "jsonl" })
    local head, row = text:match "^(.-)\n(.-)\n$"
    assert.is_nil(cjson.decode(head).audit.runs)
    assert.equal("planned", cjson.decode(row).outcome)
  end)

  describe("for a spreadsheet", function()
    -- What a spreadsheet may make of the text: cells at commas, semicolons and
    -- tabs, unless they stand in quotes.
    local function cells_of(text)
      local list, cell, quoted = {}, "", false
      for c in text:gmatch "." do
        if c == '"' then
          quoted = not quoted
        elseif not quoted and c:find "[,;\t\r\n]" then
          list[#list + 1], cell = cell, ""
        else
          cell = cell .. c
        end
      end
      return list
    end

    local hostile = { "=1+1", "+4930", "-2", "@SUM(A1)", "a;=1+1", "a,=1+1", "\239\188\157cmd", "#state=done",
      "# state=done", "'", "'=1", "''quoted", "=HYPERLINK(\"http://x\",\"y\")", "plain" }

    local function hostile_job()
      local users = {}
      for i, name in ipairs(hostile) do
        users[i] = { username = name, sub = "sub-" .. i, status = "CONFIRMED", enabled = true, attributes = {} }
      end
      local other = helper.plan(pool, { users = users, action = "lock" })
      assert(other:approve { by = 'Ada,=1+1;=2"\n#x' })
      return other
    end

    it("has no cell that it would run, in rows and in the head", function()
      local text = report(hostile_job())
      local list = cells_of(text)
      assert.is_true(#list > 100)
      for _, cell in ipairs(list) do
        assert.is_nil(cell:find "^[=+%-@\t]", cell)
        assert.is_nil(cell:find("^\239\188\157", 1), cell)
      end
    end)

    it("has no row that looks like the head", function()
      local heads, in_head = 0, true
      for line in report(hostile_job()):gmatch "[^\n]+" do
        in_head = in_head and line:find '^"?#' ~= nil
        if line:find "#" and line:find '^"?%s*#' then
          assert.is_true(in_head, line)
          heads = heads + 1
        end
      end
      assert.is_true(heads >= 9)
    end)

    for _, format in ipairs { "csv", "jsonl" } do
      it("is read back by plan as it was written: " .. format, function()
        local path = helper.file("report." .. format, report(hostile_job(), { format = format }))
        local i = 0
        for entry in sources.open(path, {}) do
          i = i + 1
          assert.equal("sub-" .. i, entry.name)
        end
        assert.equal(#hostile, i)
        i = 0
        for entry in sources.open({ file = path, column = "user" }, {}) do
          i = i + 1
          assert.equal(hostile[i], entry.name)
        end
      end)
    end

    it("can undo each of its escapes", function()
      for i = 0, 255 do
        for _, text in ipairs { string.char(i) .. "x", "'" .. string.char(i), string.char(i) } do
          assert.equal(text, cells.unescaped(cells.escaped(text)))
          assert.is_nil(cells.escaped(text):find "^[=+%-@#\t\r\n]", text)
        end
      end
      assert.same({ '"a\tb"', '"a;b"', '"a""b"', "a b" },
        { cells.quoted "a\tb", cells.quoted "a;b", cells.quoted 'a"b', cells.quoted "a b" })
    end)

    it("leads back to the same people", function()
      local path = helper.file("report.csv", report(job))
      assert.same({ "planned", "unknown_user" },
        { helper.outcomes(helper.plan(pool, { users = path, action = "lock" })).lost,
          helper.outcomes(helper.plan(pool, { users = path, action = "lock" })).nobody })
    end)

    it("escapes nothing in a file that is no report", function()
      local path = helper.file("users.csv", "username\n'ada\n")
      assert.equal("'ada", sources.open(path, {})().name)
    end)
  end)

  it("knows two formats", function()
    assert.equal("invalid_input", select(2, job:report(print, { format = "xml" })).code)
  end)

  it("has the columns that the recorded session shows", function()
    local last
    for line in io.lines "docs/bulk_session.txt" do last = line:find "," and line or last end
    local header = report(job):match "\n(user,[^\n]*)\n" or report(job):match "^(user,[^\n]*)\n"
    assert.equal(#csv.fields(header), #csv.fields(last))
  end)
end)
