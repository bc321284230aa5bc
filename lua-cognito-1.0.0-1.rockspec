rockspec_format = "3.0"
package = "lua-cognito"
version = "1.0.0-1"

source = {
  url = "git+https://github.com/lua-cognito/lua-cognito.git",
  tag = "v1.0.0",
}

description = {
  summary = "Account recovery for Amazon Cognito user pools",
  detailed = [[
    Sends and confirms recovery codes, resets passwords as an administrator,
    and calls every other operation of Amazon Cognito user pools: signed where
    the operation wants a signature, with the secret hash computed, retried
    only where a retry helps. A thin C core over libcurl and OpenSSL, for
    Lua 5.1 to 5.5 and LuaJIT.

    Two rocks are optional and therefore not among the dependencies: the
    command `cognito` wants argparse 0.7 or newer, and `cognito sandbox`, a
    local user pool for development, wants luasocket as well.
  ]],
  homepage = "https://github.com/lua-cognito/lua-cognito",
  issues_url = "https://github.com/lua-cognito/lua-cognito/issues",
  license = "MIT",
  labels = { "aws", "cognito", "authentication", "http" },
}

dependencies = {
  "lua >= 5.1",
  "lua-cjson >= 2.1",
}

-- Debian keeps curl's headers where LuaRocks does not look (multiarch), but
-- where every compiler does: only the library is asked for.
external_dependencies = {
  CURL = { library = "curl" },
  OPENSSL = { header = "openssl/evp.h", library = "crypto" },
}

-- The same Makefile as everybody's: one list of flags, and no list of files
-- that could go stale. Both passes are told the same, or the second would
-- compile anew.
build = {
  type = "make",
  build_target = "build",
  variables = {
    BUILD = "build/rock",
    CFLAGS = "$(CFLAGS)",
    LIBFLAG = "$(LIBFLAG)",
    LUA = "$(LUA)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    CURL_INCDIR = "$(CURL_INCDIR)",
    CURL_LIBDIR = "$(CURL_LIBDIR)",
    OPENSSL_INCDIR = "$(OPENSSL_INCDIR)",
    OPENSSL_LIBDIR = "$(OPENSSL_LIBDIR)",
  },
  install_variables = {
    PREFIX = "$(PREFIX)",
    LUADIR = "$(LUADIR)",
    LIBDIR = "$(LIBDIR)",
    BINDIR = "$(BINDIR)",
  },
}
