-- The manual pages are what the argument parser knows: every command, every option, every
-- example as it is typed.
local command = require "spec.support.command"
local core = require "cognito.core"
local process = require "spec.support.process"
local roff = require "scripts.man.roff"

local folder

setup(function()
  folder = os.tmpname()
  os.remove(folder)
  core.run { "mkdir", folder }
  local said, status = process.output_of(("%s scripts/man.lua %s 2>&1"):format(
    process.quote(command.interpreter()), process.quote(folder)))
  assert(status == 0, said)
end)
teardown(function() core.run { "rm", "-r", folder } end)

-- As it is shown, warnings included.
local function shown(path)
  local text = process.output_of("groff -man -Tutf8 -ww -rLL=200n -P-c -P-b -P-u -P-o 2>&1 " .. process.quote(path))
  return text
end

local function page(name) return shown(("%s/%s.1"):format(folder, name)) end

-- What a shell would offer behind these words.
local function offered(...)
  local names = {}
  for line in command.run({ "__complete", ... }).out:gmatch "[^\n]+" do names[#names + 1] = line:match "^[^\t]*" end
  return names
end

local function each_command(visit)
  for _, name in ipairs(offered "") do
    visit { name }
    for _, below in ipairs(name == "bulk" and offered("bulk", "") or {}) do visit { name, below } end
  end
end

local function has(text, wanted, where)
  assert.truthy(text:find(wanted, 1, true), ("%s: %s\n%s"):format(where, wanted, text))
end

describe("the manual pages", function()
  it("are one for the command and one for each subcommand, and each is named in the one above", function()
    local expected = { ["cognito.1"] = true }
    each_command(function(words)
      local above = "cognito" .. (words[2] and "-" .. words[1] or "")
      local name = above .. "-" .. words[#words]
      expected[name .. ".1"] = true
      has(page(above), name .. "(1)", above)
      has(page(name), above .. "(1)", name)
    end)
    local found = {}
    for name in process.output_of("ls " .. process.quote(folder)):gmatch "%S+" do found[name] = true end
    assert.same(expected, found)
  end)

  it("have every option and every example, as typed", function()
    local options, examples = 0, 0
    each_command(function(words)
      local name = "cognito-" .. table.concat(words, "-")
      local text = page(name)
      words[#words + 1] = "--"
      for _, option in ipairs(offered((table.unpack or unpack)(words))) do
        options = options + 1
        has(text, option, name)
      end
      words[#words] = "--help"
      for line in command.run(words).out:gmatch "\n  (%S[^\n]+)" do
        examples = examples + 1
        has(text, line, name)
      end
    end)
    assert.is_true(options > 150 and examples > 40, ("%d options, %d examples"):format(options, examples))
  end)

  it("of the command has the variables and every exit status", function()
    local text = page "cognito"
    for _, word in ipairs { "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_SECRET", "AWS_PROFILE", "COGNITO_BULK_JOURNAL" } do
      has(text, word, "ENVIRONMENT")
    end
    for _, status in ipairs { "0", "1", "2", "3", "4", "130" } do
      assert.matches("EXIT STATUS.*\n +" .. status .. " +%l", text)
    end
  end)
end)

describe("a page's text", function()
  it("is shown character by character", function()
    local lines = { ".TH is no request", "'br neither",
      "a\\fBb \\n(yr \"q\" 'q' `q` ^ ~ -- --x x-y", "..", "...", "é … € 😀" }
    local written = roff.page("x", "", "x")
    written:section "Text"
    written:example(lines)
    local path = process.write(written:text())
    local text = shown(path)
    os.remove(path)
    local indent = assert(text:match "\n( +)%.TH is no request\n", text) -- groff 1.24's is less
    for _, line in ipairs(lines) do has(text, "\n" .. indent .. line .. "\n", "example") end
  end)
end)
