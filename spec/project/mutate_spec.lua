--- The figures of `make mutate`. Their reader once asked scripts.mutation.tree for a function
-- that had moved to scripts.system, so each run of it ended with an error in place of its figures;
-- and it took a change that sets something for the figures, at the end of a run that was interrupted.
local figures = require "scripts.mutation.figures"
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
