# The cost of the library.

##@ Measure

bench: ## the library beside C programs that send the same bytes: minutes
	@scripts/deps services
	@$(MAKE) --no-print-directory run-bench

bench-quick: ## the same in seconds: does it run, are the bytes the same?
	@$(MAKE) --no-print-directory run-bench BENCH_FLAGS=quick

bench-plots: ## the plots in docs/performance.md again: minutes
	@scripts/deps services
	@$(MAKE) --no-print-directory run-bench BENCH_FLAGS=plots

bench-instructions: ## the instructions of a call, beside C's and the recorded ones: two minutes
	@scripts/deps services
	@$(MAKE) --no-print-directory run-bench-instructions

bench-peers: ## other clients (SDKs, aws, lua-http) beside ours: minutes
	@scripts/deps peers
	@$(MAKE) --no-print-directory run-bench-peers

BENCH     = $(BUILD)/bench
BENCH_OBJ = $(patsubst %,$(BENCH)/obj/%.o,bench request handle)

# The C programs know nothing of AWS_CA_BUNDLE, a bundle to be parsed.
run-bench: build build-luajit $(patsubst %,$(BENCH)/%,tls easy multi sign process)
	@env -u AWS_CA_BUNDLE $(RUN) $(LUA) bench/run.lua $(BENCH) $(BENCH_FLAGS)

run-bench-instructions: build $(BENCH)/easy
	@env -u AWS_CA_BUNDLE $(RUN) $(LUA) bench/instructions.lua $(BENCH) bench/instructions.txt $(RECORD)

run-bench-peers: build build-luajit $(BENCH)/process
	@env -u AWS_CA_BUNDLE $(RUN) $(LUA) bench/peers/run.lua $(BENCH) $(BENCH_FLAGS)

# An archive gives each program what it needs and no more.
$(BENCH)/%: $(BENCH)/obj/%.o $(BENCH)/common.a
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--as-needed -o $@ $^ $(CURL_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

$(BENCH)/common.a: $(BENCH_OBJ) $(BUILD)/obj/digest.o
	$(AR) rcs $@ $^

$(BENCH)/obj/%.o: bench/%.c $(wildcard bench/*.h) $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

.PHONY: bench bench-quick bench-plots bench-instructions bench-peers run-bench run-bench-instructions run-bench-peers
