--- The words and colours of the account-recovery site of examples/openresty:
-- every text in every language, the choice of a language, and accents.

local root = "examples/openresty/lua/"

describe("the account-recovery site", function()
  local before = package.path
  local colours, languages

  setup(function()
    package.path = root .. "?.lua;" .. before
    colours, languages = require "site.colours", require "site.languages"
  end)

  teardown(function()
    package.path = before
    for name in pairs(package.loaded) do
      if tostring(name):find "^site%." then package.loaded[name] = nil end
    end
  end)

  local function placeholders(text)
    local names = {}
    for name in text:gmatch "{(.-)}" do names[#names + 1] = name end
    table.sort(names)
    return names
  end

  describe("texts", function()
    local function of(name) return dofile(root .. "site/texts/" .. name .. ".lua") end

    it("exist in every language, with the same placeholders and no others", function()
      local english, count = of "en", 0
      for _, name in ipairs(languages.list) do
        local own = of(name)
        for key, text in pairs(english) do
          count = count + 1
          assert.is_string(own[key], name .. ": " .. key)
          assert.same(placeholders(text), placeholders(own[key]), name .. ": " .. key)
        end
        for key in pairs(own) do assert.is_string(english[key], name .. ": " .. key) end
      end
      assert.is_true(count > 5 * 100)
    end)

    it("are translated: only words that two languages share are the same", function()
      local english = of "en"
      local shared = {
        de = { "code", "step_2", "attribute_website", "between_rules" },
        es = { "between_rules", "error_title" },
        fr = { "code", "step_2", "between_rules", "choose_sms" },
        ja = { "choose_sms" },
      }
      for name, keys in pairs(shared) do
        local allowed = {}
        for _, key in ipairs(keys) do allowed[key] = true end
        for key, text in pairs(of(name)) do
          assert.is_true(text ~= english[key] or allowed[key] == true, name .. ": " .. key)
        end
      end
    end)

    it("are all used, and no others are asked for", function()
      local parts = {}
      for _, file in ipairs { "app", "app_sign_in", "fields", "forms", "layout", "pages", "sign_in_pages", "recover",
        "challenges" } do
        parts[#parts + 1] = assert(io.open(root .. "site/" .. file .. ".lua")):read "*a"
      end
      local source, english = table.concat(parts), of "en"
      for key in source:gmatch "texts%.([%l_]+[%l%d])" do
        assert.is_truthy(english[key] or key == "fill" or key == "parts" or key == "find" or key == "language", key)
      end
      -- Names that are put together: "ask_password_title", "rule_upper".
      local composed = { "^ask_", "^confirm_", "^done_", "^rule_", "^step_", "^problem_", "^try_later_", "^attribute_",
        "^choose_", "^factor_", "_why$" }
      for key in pairs(english) do
        local used = source:find(key, 1, true)
        for _, pattern in ipairs(composed) do used = used or key:find(pattern) end
        assert.is_truthy(used, key)
      end
    end)
  end)

  describe("language", function()
    for header, expected in pairs {
      [""] = "en", ["de"] = "de", ["de-AT"] = "de", ["DE"] = "de", ["ja,en;q=0.9"] = "ja", ["pt-BR,es;q=0.5"] = "es",
      ["en;q=0.5, fr;q=0.8"] = "fr", ["fr;q=0.8,es;q=0.8"] = "fr", ["zh"] = "en", ["*"] = "en", ["de;q=0"] = "en",
      ["en;q=0, *"] = "de", ["*;q=0.1, ja;q=0.05"] = "en", ["de-CH;q=0.3,de;q=0.9,fr;q=0.5"] = "de",
      ["fr;q=2, es;q=0.1"] = "es", ["fr;q=0.1234, es"] = "es", ["fr;q=, es;q=0.2"] = "es", [";;;,,,q=1"] = "en",
      ["es ; q = 0.7 , de ; Q=0.9"] = "de", ["english"] = "en", ["deutsch"] = "en", ["de_DE"] = "en", ["*-CH"] = "en",
      ["ja;level=1;q=0.4, fr;q=0.3"] = "ja", ["\255\254"] = "en",
    } do
      it(("of %q is %s"):format(header, expected), function()
        assert.equal(expected, languages.choose(header))
      end)
    end

    it("is English without a header, and every language is written from left to right", function()
      assert.equal("en", languages.choose(nil))
      for _, name in ipairs(languages.list) do assert.equal("ltr", languages.direction(name)) end
      assert.equal("rtl", languages.direction "ar")
    end)
  end)

  describe("accents", function()
    it("can be read on every ground, whichever they are", function()
      local css = assert(io.open "examples/openresty/static/site.css"):read "*a"
      local grounds = {}
      for name, value in css:gmatch "%-%-(%l+): (#%x%x%x%x%x%x);" do
        grounds[name] = grounds[name] or {}
        table.insert(grounds[name], (assert(colours.read(value))))
      end
      local steps = { 0, 51, 102, 153, 204, 255 }
      for _, red in ipairs(steps) do
        for _, green in ipairs(steps) do
          for _, blue in ipairs(steps) do
            local accent = { red, green, blue }
            local scheme, what = colours.scheme(accent), colours.write(accent)
            for i, part in ipairs { scheme.day, scheme.night } do
              for _, ground in ipairs { grounds.ground[i], grounds.card[i], part.tint } do
                assert.is_true(colours.contrast(part.accent, ground) >= 4.5, what)
              end
              assert.is_true(colours.contrast(part.on, part.accent) >= 4.5, what)
              assert.is_true(colours.contrast(part.on, part.deep) >= 4.5, what)
              assert.is_true(colours.contrast(grounds.text[i], part.tint) >= 4.5, what)
            end
            assert.is_true(colours.contrast(scheme.on_brand, accent) >= 3, what)
          end
        end
      end
    end)

    it("stay as they are where they can be read", function()
      assert.equal("#3346c8", colours.write(colours.scheme(colours.read "#3346c8").day.accent))
      assert.matches("%-%-brand:#3346c8", colours.style_sheet(colours.read "#3346c8"))
      assert.matches('fill="#3346c8"', colours.mark(colours.read "#3346c8"))
    end)

    it("are nothing else", function()
      for _, text in ipairs { "", "red", "#fff", "#3346c8;", "#3346cg", "3346c8" } do
        assert.is_nil(colours.read(text), text)
      end
    end)
  end)
end)
