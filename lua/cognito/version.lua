--- The version of the library, for scripts that want nothing else of it.
-- @module cognito.version

return "scm"
