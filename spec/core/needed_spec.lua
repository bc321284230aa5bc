-- The oldest libraries that the promises are tested with. On libcurl 7.74 a GET
-- was sent again without a word, and a dead name server held up the end.
local child = require "spec.support.child"

local function say(module, name, version)
  local _, printed = child.run(([[print(select(2, pcall(require, %q)))]]):format(module), {
    LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"),
    [name] = version,
  })
  return printed
end

describe("a library that is older than the tested ones", function()
  for _, version in ipairs { "7.74.0", "7.87.0" } do
    it("libcurl " .. version .. " is refused when the core is opened", function()
      local said = say("cognito.core", "OLD_CURL", version)
      assert.truthy(said:find("lua-cognito needs libcurl 7.88 or newer, and this process carries libcurl "
        .. version .. ":", 1, true), said)
      assert.equal(said, say("cognito", "OLD_CURL", version)) -- in one line, whoever asks
    end)
  end

  for _, version in ipairs { "7.88.0", "8.21.3" } do
    it("is not libcurl " .. version, function()
      assert.truthy(say("cognito.core", "OLD_CURL", version):find "^table:")
    end)
  end

  it("libcurl is no business of cognito.wire", function()
    assert.truthy(say("cognito.wire", "OLD_CURL", "7.74.0"):find "^table:")
  end)

  for _, module in ipairs { "cognito.core", "cognito.wire" } do
    it("OpenSSL is refused by " .. module, function()
      local said = say(module, "OLD_OPENSSL", "1.1.0")
      assert.truthy(said:find("lua-cognito needs OpenSSL 1.1.1 or newer, and this process carries 1.1.0:", 1, true),
        said)
    end)
  end
end)

describe("the known faults of the libcurl at run time", function()
  local function faults(version)
    local _, printed = child.run([[
      for _, fault in ipairs(require("cognito.core").info().libcurl_faults) do
        assert(#fault.what > 0 and #fault.answer > 0 and fault.seen:find "^%d+%.%d+")
        print(fault.what)
      end
    ]], { LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"), OLD_CURL = version })
    return printed
  end

  for words, versions in pairs {
    ["looks through all connections"] = { ["7.88.0"] = true, ["8.23.0"] = true },
    ["never got connected"] = { ["7.88.1"] = true, ["8.13.9"] = true, ["8.14.0"] = false },
    ["no handle is attached to"] = { ["7.88.1"] = false, ["8.0.0"] = true, ["8.23.0"] = true },
    ["more than it was asked for"] = { ["8.0.1"] = false, ["8.1.0"] = true, ["8.13.9"] = true, ["8.14.0"] = false },
    ["20 threads"] = { ["8.19.9"] = false, ["8.20.0"] = true },
  } do
    it("are those of its version: " .. words, function()
      for version, has in pairs(versions) do
        assert.equal(has, faults(version):find(words, 1, true) ~= nil, version)
      end
    end)
  end

  it("name in their answers files that there are", function()
    local count = 0
    for line in io.lines "src/http_version.c" do
      for name in line:gmatch "%(([%w_]+%.[ch])%)" do
        count = count + 1
        assert(io.open("src/" .. name)):close()
      end
    end
    assert.is_true(count >= 5)
  end)
end)
