-- For busted --helper: the program changes its locale when the library has
-- long been loaded, as a toolkit for windows does. SPEC_LOCALE names it.
require "cognito"
require "cognito.native"
require "cjson"

local name = assert(os.getenv "SPEC_LOCALE", "SPEC_LOCALE names no locale")
-- Not the language of the system's messages, which specs read in English.
for _, category in ipairs { "ctype", "collate", "numeric", "monetary", "time" } do
  assert(os.setlocale(name, category), name .. " is not there: build/locale and LOCPATH")
end
