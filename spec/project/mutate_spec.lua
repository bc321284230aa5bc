--- The figures of `make mutate`. Their reader once asked scripts.mutation.tree for a function
-- that had moved to scripts.system, so each run of it ended with an error in place of its figures;
-- and it took a change that sets something for the figures, at the end of a run that was interrupted.
-- Of two changes with the same text, of which a spec had noticed one, AGAIN tried both, and counted
-- the noticed one twice.
local changes_of = require "scripts.mutation.changes"
local figures = require "scripts.mutation.figures"
local logs = require "scripts.mutation.logs"
local specs = require "scripts.mutation.specs"
local system = require "scripts.system"

describe("figures of a run of mutations", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("are read as they were written, below the changes that survived", function()
    local count = figures.none()
    count.noticed, count.survived, count.broken = 38, 2, 1
    system.write(path, "lua/a.lua:7: 2 specs ran\n  - a = 1\n  + a = 2\n" .. figures.line(count) .. "\n")
    assert.same(count, figures.read(path))
    assert.matches("lua/a.lua +38 of +40 noticed, +95.0 %%", figures.text("lua/a.lua", figures.read(path)))
  end)

  it("are none of a run that was interrupted, or that there was not", function()
    system.write(path, "lua/a.lua:7: 2 specs ran\n  - a = 1\n  + a = 2\n")
    assert.is_nil(figures.read(path))
    os.remove(path)
    assert.is_nil(figures.read(path))
  end)
end)

describe("changes that survived", function()
  local TWICE = "int a(int n)\n{\n  if (n == 2)\n    return 0;\n}\n\nint b(int n)\n{\n  if (n == 2)\n    return 0;\n}\n"
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function changes_in(text)
    local changes = changes_of(text, "c")
    logs.name("src/a.c", text, changes)
    return changes
  end

  local function lines_again(text)
    local only, count = logs.survivors("src/a.c", path)
    local lines = {}
    for _, change in ipairs(changes_in(text)) do
      if only[change.name] then lines[#lines + 1] = change.line end
    end
    return lines, count
  end

  it("are tried again, and none that reads as they do", function()
    local count = figures.none()
    count.noticed, count.survived = 9, 1
    for _, change in ipairs(changes_in(TWICE)) do
      if change.after == "if (n != 2)" then
        system.write(path, logs.text("src/a.c", change, 2) .. figures.line(count) .. "\n")
        local lines, others = lines_again(TWICE)
        assert.same({ change.line }, lines)
        assert.same({ 9, 0 }, { others.noticed, others.survived })
        assert.same({ change.line + 1 }, (lines_again("\n" .. TWICE))) -- where lines have moved
      end
    end
  end)

  it("are both tried again, where both survived", function()
    local texts = {}
    for _, change in ipairs(changes_in(TWICE)) do
      if change.after == "if (n != 2)" then texts[#texts + 1] = logs.text("src/a.c", change, 2) end
    end
    assert.equal(2, #texts)
    system.write(path, table.concat(texts) .. figures.line(figures.none()) .. "\n")
    assert.same({ 3, 9 }, (lines_again(TWICE)))
  end)
end)

describe("scripts in Lua", function()
  for _, script in ipairs((system.lines_of "find scripts -name '*.lua' | LC_ALL=C sort")) do
    it("use what their modules have: " .. script, function()
      local text = system.read(script)
      for name, module in text:gmatch 'local ([%w_]+) = require "(scripts%.[%w_.]+)"' do
        local found = require(module)
        for field in text:gmatch("%f[%w_./]" .. name .. "%.([%w_]+)") do
          assert.is_true(type(found) ~= "table" or found[field] ~= nil, ("%s.%s"):format(module, field))
        end
      end
    end)
  end
end)

-- Files that no spec reached counted as files whose changes no spec notices.
describe("the specs that run a source", function()
  local PATH, SPEC = "lua/cognito/hex.lua", "spec/client/redact_spec.lua"
  local folder

  -- As `make coverage` leaves it: one spec ran the last line of a source, or none.
  local function measured(last)
    local _, count = system.read(PATH):gsub("\n", "")
    local place = folder .. "/run/" .. SPEC:gsub("/", "+")
    os.execute("mkdir -p " .. system.quote(place))
    system.write(folder .. "/index", ("%d %s\n"):format(count, PATH))
    system.write(place .. "/seconds", "1\n")
    system.write(place .. "/lines", ("\0"):rep(count - 1) .. last)
    return specs.new(folder, {}, "")
  end

  before_each(function() folder = system.output_of("mktemp -d"):match "%C+" end)
  after_each(function() os.execute("rm -rf " .. system.quote(folder)) end)

  it("are known where one runs a line of it", function()
    assert.is_true(measured("\1"):reach(PATH))
    assert.is_false(measured("\0"):reach(PATH))
  end)

  it("are none of a source that is newer than the measurement", function()
    assert.is_false(measured("\1"):reach "lua/cognito/tables.lua")
  end)

  it("are those that were given", function()
    assert.is_true(specs.new(folder, {}, SPEC):reach(PATH))
  end)
end)
