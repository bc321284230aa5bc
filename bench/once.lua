--- A process that makes one call and ends:
--
--     once.lua URL CA_PATH OPERATION

local cognito = require "cognito"
local example = require "bench.example"

local pool = cognito.new(example.with { endpoint = arg[1], ca_path = arg[2] })
assert(pool[arg[3]](pool, example.params))
