--- The short form of `make soak`: thousands of calls over each runtime while everything goes
-- wrong. No call is lost, none is carried out twice that must not be, what the client says of
-- each agrees with what the service did, and nothing is kept. spec/services/nginx_soak_spec.lua
-- does the same inside nginx.

local optional = require "spec.support.optional"
local proc = require "spec.support.proc"
local servers = require "spec.support.soak_server"
local soak = require "spec.support.soak"
local worlds = require "spec.support.soak_worlds"

local CALLS, BLOCK = 3000, 500

-- Bytes that the heap may grow in the second half of the calls. LuaJIT's includes the code that
-- it goes on to compile.
local HEAP = (rawget(_G, "jit") and 1024 or 256) * 1024

local function judge(world, calls)
  local books, samples = soak.run {
    calls = calls, block = BLOCK,
    step = function(from, n) return soak.block(world, from, n), soak.sample() end,
  }
  local growth = soak.growth(samples, 0.5)
  assert.same({ 0, 0, 0, 0 }, { books.lost, books.doubled, books.untrue, books.mixed_up })
  assert.equal(0, soak.wrong(books))
  assert.equal(calls, books.calls)
  assert.is_true(books.succeeded > 0 and books.failed > 0 and books.ambiguous > 0 and books.again > 0)
  assert.is_true(growth.heap < HEAP, growth.heap)
  assert.is_true(growth.memory < proc.margin(), growth.memory)
  return books
end

local function soak_over(kind, check)
  local server = servers.start(CALLS)
  local world = worlds.remote(kind, server.url)
  local ok, err = pcall(function()
    local before = proc.descriptors()
    local books = judge(world, CALLS)
    if check then check(world.runtime) end
    kind.close(world.runtime)
    collectgarbage()
    assert.is_true(proc.descriptors() <= before, "descriptors are left open") -- other specs' garbage may have gone
    local stats = server:stats()
    assert.equal(books.executions, stats.executions)
    assert.same({ 0, {} }, { stats.connections, stats.never })
  end)
  server:stop()
  if not ok then error(err, 0) end
end

describe("calls while everything goes wrong,", function()
  it("over the runtime blocking", function() soak_over((require "spec.support.runtimes.blocking")) end)
  it("over the runtime loop", function()
    soak_over(require "spec.support.runtimes.loop", function(loop)
      assert.same({ tasks = 0, requests = 0, connections = loop:stats().connections }, loop:stats())
    end)
  end)

  if optional.has(pending, "cqueues") then
    it("over the runtime cqueues", function() soak_over((require "spec.support.runtimes.cqueues")) end)
  end

  it("over the runtime sandbox", function() judge(worlds.here(require "spec.support.runtimes.sandbox"), CALLS) end)
end)

describe("the books of a soak", function()
  local function wrong(changes)
    local books = soak.books()
    books.calls, books.succeeded, books.executions = 10, 10, 10
    soak.add(books, changes)
    return soak.wrong(books)
  end

  it("close where each call succeeded once", function() assert.equal(0, wrong {}) end)

  for _, what in ipairs { "lost", "doubled", "untrue", "mixed_up", "succeeded", "failed", "executions", "again" } do
    it("do not close with one too many: " .. what, function() assert.is_true(wrong { [what] = 1 } > 0) end)
  end
end)
