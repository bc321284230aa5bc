-- busted under the Lua that runs this. The command of that name is run by
-- whichever `lua` the machine prefers, for which there may be no busted.
require "busted.runner" { standalone = false }
