--- The facts of the service, brought up to date.
-- @module model.facts
return require("model.newer").apply(require "model.cognito_idp")
