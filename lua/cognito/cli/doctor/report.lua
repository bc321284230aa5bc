--- What a check-up finds: told as it is found, and counted.
-- @module cognito.cli.doctor.report

local text = require "cognito.cli.text"

local M = {}

local colours = { ok = "green", note = "yellow", wrong = "red" }

local report = {}
local report_mt = { __index = report }

local function add(self, check, state, sentence, next_step)
  local console = self.console
  if console.json then
    console:object { check = check, state = state, text = sentence, next = next_step }
  else
    console:write(("%s %s %s\n"):format(console:paint(1, colours[state], text.fit(state, 5)),
      text.fit(check, 11), text.clean(sentence)))
    if next_step then
      console:write("      next: " .. text.clean(next_step) .. "\n")
    end
  end
  console:flush()
end

--- All is well.
-- @tparam string check what was looked at
-- @tparam string sentence what was found
function report:ok(check, sentence)
  add(self, check, "ok", sentence)
end

--- Nothing is wrong, but it should be known.
-- @tparam string check what was looked at
-- @tparam string sentence what was found
-- @tparam[opt] string next_step what to do if that is not meant to be
function report:note(check, sentence, next_step)
  add(self, check, "note", sentence, next_step)
end

--- Something is wrong.
-- @tparam string check what was looked at
-- @tparam string sentence what was found
-- @tparam[opt] string next_step what to do about it
function report:wrong(check, sentence, next_step)
  self.found_wrong = true
  add(self, check, "wrong", sentence, next_step)
end

--- Begins a report.
-- @tparam table console
-- @treturn table report; its `found_wrong` tells whether anything is wrong
function M.new(console)
  return setmetatable({ console = console, found_wrong = false }, report_mt)
end

return M
