--- The targets of the fuzzers (`make fuzz`), given what was found before: inputs
-- that together reach all that is known to be reached, and by name those that
-- once showed a fault. Targets in C are replayed by `make fuzz-replay`.

local lfs = require "lfs"

local FOLDER = "spec/fuzz/"

local function names_in(folder, pattern)
  local names = {}
  for name in lfs.dir(folder) do
    names[#names + 1] = name:match(pattern)
  end
  table.sort(names)
  return names
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read "*a"
  file:close()
  return bytes
end

describe("a fuzz target", function()
  for _, target in ipairs(names_in(FOLDER, "^(%l%w*)%.lua$")) do
    it("finds no fault in what it was given before: " .. target, function()
      local run, folder, count = require("spec.fuzz." .. target), FOLDER .. "corpus/" .. target .. "/", 0
      for _, name in ipairs(names_in(folder, "^[^.].*")) do
        local ok, message = xpcall(function() run(read(folder .. name)) end, debug.traceback)
        assert(ok, ("%s%s: %s"):format(folder, name, tostring(message)))
        count = count + 1
      end
      assert.is_true(count > 0)
    end)
  end
end)
