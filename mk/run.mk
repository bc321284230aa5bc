# What there is, and how to run it from the working tree.

# The sources.

SOURCES   = $(sort $(basename $(notdir $(wildcard src/*.c))))
CORE_ONLY = core lua_http% lua_carry lua_clock http% poller lua_process lua_child process close_others lua_files files \
            lua_signals signals lua_terminal terminal lua_rsa rsa lua_dpop ec
CORE_SRC  = $(filter-out wire,$(SOURCES))
WIRE_SRC  = $(filter-out $(CORE_ONLY),$(SOURCES)) http_reply http_request
MODULES   = $(shell cd lua && find cognito -name '*.lua' | sort)
C_FILES   = $(filter-out src/model.c,$(wildcard src/*.[ch] spec/c/*.[ch] spec/fuzz/*.[ch] spec/fuzz/support/*.[ch] bench/*.[ch]))
PUBLIC    = $(filter-out lua/cognito/sandbox/%,$(MODULES:%=lua/%)) \
            $(wildcard lua/cognito/sandbox/init.lua src/*.c)
SPEC_LIBS = $(addprefix $(BUILD)/spec/c/,forker.so threads.so slow_dns.so slow_sockets.so trusting.so old_libraries.so srp_steps.so inside.so)
LUA_DIRS  = $(wildcard lua model spec examples bench containers scripts/*.lua scripts/*/*.lua bin/cognito)

# How to run it from here. The versioned names would win over ours.

VERSIONED = $(foreach v,5_2 5_3 5_4 5_5,LUA_PATH_$v LUA_CPATH_$v)
unexport $(VERSIONED)
FROM_HERE_LUA = $(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$(CURDIR)/?.lua;;
FROM_HERE_C   = $(if $(filter /%,$(BUILD)),,$(CURDIR)/)$(BUILD)/?.so;;
RUN    = LOCPATH='$(CURDIR)/build/locale' LUA_PATH='$(FROM_HERE_LUA)' LUA_CPATH='$(FROM_HERE_C)'
BUSTED = scripts/calm '$(shell command -v $(LUA))' scripts/busted.lua $(BUSTED_FLAGS)

# Specs that run C code; checks that are too slow for all specs run on these.
C_SPECS = $(patsubst %,spec/%_spec.lua,core/build core/core core/exchange core/parse core/sigv4 core/sigv4_canonical core/sigv4_refusals core/secret_hash \
            http/http http/many http/refusal http/tls client/call client/client)

# Minutes of processes that start, talk and end, or of odd replies, and little that depends on
# the Lua they are written for: these run on Lua 5.4 and LuaJIT.
PROGRAM_SPECS = $(wildcard spec/cli/*_spec.lua spec/project/example_*_spec.lua \
                  $(patsubst %,spec/%_spec.lua,bulk/kill bulk/soak runtime/soak) $(wildcard spec/bulk/model_*spec.lua) \
                  spec/client/odd_members_spec.lua $(patsubst %,spec/project/%_spec.lua,bench containers docs_site env readme release supply))
EVERY_SPEC    = $(filter-out spec/services/%,$(wildcard spec/*/*_spec.lua))
LIBRARY_SPECS = $(filter-out $(PROGRAM_SPECS),$(EVERY_SPEC))

# Thousands of steps of one program, which know no Lua: these run on Lua 5.4.
WALK_SPECS = $(patsubst %,spec/bulk/%_spec.lua,kill soak model model_drive)

# What a Lua runs.
SPECS_OF_lua5.4 = $(EVERY_SPEC)
SPECS_OF_luajit = $(filter-out $(WALK_SPECS),$(EVERY_SPEC))
SPECS_HERE      = $(or $(SPECS_OF_$(notdir $(LUA))),$(LIBRARY_SPECS))

# Thousands of rows of one kind, which no locale and no environment tells
# apart: these run where all specs do as they are.
LONG_SPECS  = $(patsubst %,spec/%_spec.lua,http/send_matrix client/odd_members bulk/kill bulk/model bulk/model_drive \
                bulk/soak runtime/soak)
SHORT_SPECS = $(filter-out $(LONG_SPECS),$(LIBRARY_SPECS))

# Those of bulk jobs, documents and data run no code of the C core that others
# do not, and a sanitizer takes three times as long.
NATIVE_SPECS = $(filter-out spec/bulk/% spec/project/% spec/model/%,$(LIBRARY_SPECS))

# Where capital i has a dot, and where fractions have a comma.
LOCALES = $(addprefix build/locale/,tr_TR.UTF-8 de_DE.UTF-8 de_DE.ISO-8859-1)
