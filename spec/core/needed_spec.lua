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
