--- `cognito doctor`
-- @module cognito.cli.command.doctor

local client = require "cognito.cli.client"
local network = require "cognito.cli.doctor.network"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local parts = require "cognito.cli.doctor.parts"
local reports = require "cognito.cli.doctor.report"
local secrets = require "cognito.cli.secrets"
local service = require "cognito.cli.doctor.service"
local setup = require "cognito.cli.doctor.setup"
local stop = require "cognito.cli.stop"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  secrets.declare(command, "client_secret")
  options.declare(command)
  parser.examples(command, {
    "cognito doctor",
    "cognito doctor --profile work --user-pool-id eu-west-1_Ab12Cd34E",
    "cognito doctor --json | jq -r 'select(.state == \"wrong\") | .text'",
  })
end

-- All that the checks look at. The settings are read from the descriptor that
-- they may be on only once.
local function examine(args, console)
  local given, sources = client.settings(args, console.env)
  local pool = client.of(given, args, console)
  return { given = given, sources = sources, pool = pool, described = pool:describe(), env = console.env }
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status: 1 when something is wrong
function M.run(args, console)
  local report, patient = reports.new(console), examine(args, console)
  setup.versions(report)
  parts.check(report)
  setup.settings(report, patient)
  setup.credentials(report, patient)
  network.check(report, patient)
  service.check(report, patient)
  return stop.interrupted() or report.found_wrong and stop.FAILED or stop.DONE
end

return M
