--- Which settings of a client count in the look-ups of credentials for its
-- calls. A list each, so that what makes a difference to a look-up is written
-- once.
-- @module cognito.credentials.passed_on

return {
  --- What the chain is made with that a client has where it was given none.
  to_chain = { "env", "read_file", "now", "random", "profile" },

  --- What a client lends to every chain, for what the chain was not given.
  to_look_ups = { "region", "use_fips", "use_dualstack", "allow_http", "ca_file", "ca_path", "proxy", "max_response",
    "mfa_code", "role_cache" },
}
