--- A process that makes one call and ends:
--
--     once.lua URL CA_PATH OPERATION

local cognito = require "cognito"
local example = require "bench.example"

-- A busy machine must not end the bench.
local PATIENT = 600

local pool = cognito.new(example.with {
  endpoint = arg[1], ca_path = arg[2], connect_timeout = PATIENT, attempt_timeout = PATIENT, timeout = PATIENT,
})
assert(pool[arg[3]](pool, example.params))
