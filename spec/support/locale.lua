-- For busted --helper: the program changes its locale when the library has
-- long been loaded, as a toolkit for windows does. SPEC_LOCALE names it.
require "cognito"
require "cognito.native"
require "cjson"

local name = assert(os.getenv "SPEC_LOCALE", "SPEC_LOCALE names no locale")
assert(os.setlocale(name), name .. " is not there: build/locale and LOCPATH")
