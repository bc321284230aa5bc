--- As spec/runtime/soak_spec.lua: thousands of calls in a worker of nginx while everything goes
-- wrong.

local inside = require "spec.support.soak_nginx"
local proc = require "spec.support.proc"
local servers = require "spec.support.soak_server"
local soak = require "spec.support.soak"

local CALLS, BLOCK = 5000, 500

local server, nginx

setup(function()
  server = servers.start(CALLS)
  nginx = inside.start()
end)

teardown(function()
  if nginx then nginx:stop() end
  server:stop()
end)

it("calls in nginx while everything goes wrong", function()
  local before = nginx:descriptors()
  local books, samples = soak.run { calls = CALLS, block = BLOCK, step = inside.step(nginx, server.url) }
  assert.same({ 0, 0, 0, 0 }, { books.lost, books.doubled, books.untrue, books.mixed_up })
  assert.equal(0, soak.wrong(books))
  assert.is_true(books.succeeded > 0 and books.failed > 0 and books.ambiguous > 0 and books.again > 0)
  local growth, stats = soak.growth(samples, 0.5), server:stats()
  assert.is_true(growth.heap < 1024 * 1024, growth.heap)
  assert.is_true(growth.memory < proc.margin(), growth.memory)
  assert.equal(books.executions, stats.executions)
  assert.same({}, stats.never)
  assert.is_true(nginx:descriptors() - before <= stats.connections + 1, nginx:descriptors())
end)
