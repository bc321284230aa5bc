--- How runtimes of ours carry an exchange without making tables of it.
--
-- By the function that sends: a runtime that a program made of one of ours, with
-- another `send`, has that one called, whatever else it inherits.
-- @module cognito.runtime.carriers

--- From a runtime's `send` to what carries: a function of the runtime, a
-- prepared exchange, `timeout`, `connect_timeout`, `max_idle` (seconds) and
-- `timings`. It returns true once the exchange has its reply, or nil and an
-- error.
-- @table carriers
return setmetatable({}, { __mode = "k" })
