--- The version of the library, for scripts that want nothing else of it. The
-- rockspec, the tarball and the user agent take theirs from here.
-- @module cognito.version

return "1.0.0"
