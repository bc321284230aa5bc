local configuration = require "cognito.aws.config"

local function find(given, env, values, services)
  return configuration.find(given or {}, function(name) return (env or {})[name] end,
    { name = "work", values = values or {}, place_of = function(key, group) return "at " .. (group or "") .. key end,
      services = services or {} })
end

describe("configuration", function()
  -- setting, a value for the program, environment variable, its text, the
  -- profile's key, its text, default; then what the texts become.
  local rows = {
    { "region", "a", "AWS_REGION", "b", "region", "c", nil },
    { "region", "a", "AWS_DEFAULT_REGION", "b", "region", "c", nil },
    { "use_fips", true, "AWS_USE_FIPS_ENDPOINT", "True", "use_fips_endpoint", "false", false, true, false },
    { "use_dualstack", true, "AWS_USE_DUALSTACK_ENDPOINT", "true", "use_dualstack_endpoint", "FALSE", false, true,
      false },
    { "max_attempts", 9, "AWS_MAX_ATTEMPTS", "5", "max_attempts", "7", 3, 5, 7 },
    { "ca_file", "a", "AWS_CA_BUNDLE", "b", "ca_bundle", "c", nil },
    { "app_id", "a", "AWS_SDK_UA_APP_ID", "b", "sdk_ua_app_id", "c", nil },
    { "correct_clock", false, "AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true", "disable_clock_skew_correction", "false",
      true, false, true },
  }
  for _, row in ipairs(rows) do
    local name, own, variable, text, key, profile_text, default = row[1], row[2], row[3], row[4], row[5], row[6], row[7]
    it(("takes %s from the program, %s, the profile, or the default"):format(name, variable), function()
      local env, profile = { [variable] = text }, { [key] = profile_text }
      local function check(value, source, values, sources, problems)
        assert.same({}, problems)
        assert.equal(value, values[name])
        assert.equal(source, sources[name])
      end
      local of_env, of_profile = text, profile_text
      if row[8] ~= nil then of_env, of_profile = row[8], row[9] end
      check(own, "settings", find({ [name] = own }, env, profile))
      check(of_env, variable, find({}, env, profile))
      check(of_profile, key .. " of profile 'work'", find({}, {}, profile))
      check(of_profile, key .. " of profile 'work'", find({}, { [variable] = " " }, profile))
      check(default, default ~= nil and "default" or nil, find({}, {}, {}))
    end)
  end

  it("says what cannot be read, and where it stands", function()
    for _, case in ipairs {
      { { AWS_MAX_ATTEMPTS = "three" }, {}, "AWS_MAX_ATTEMPTS must be a whole number above 0", "max_attempts" },
      { { AWS_MAX_ATTEMPTS = "0" }, {}, "AWS_MAX_ATTEMPTS must be a whole number above 0", "max_attempts" },
      { { AWS_MAX_ATTEMPTS = "-1" }, {}, "AWS_MAX_ATTEMPTS must be a whole number above 0", "max_attempts" },
      { {}, { max_attempts = "1.5" }, "max_attempts of profile 'work' (at max_attempts) must be a whole number above 0",
        "max_attempts" },
      { { AWS_USE_FIPS_ENDPOINT = "yes" }, {}, "AWS_USE_FIPS_ENDPOINT must be true or false", "use_fips" },
      { {}, { use_dualstack_endpoint = "1" },
        "use_dualstack_endpoint of profile 'work' (at use_dualstack_endpoint) must be true or false",
        "use_dualstack" },
    } do
      local values, sources, problems = find({}, case[1], case[2])
      local err = problems[case[4]]
      assert.is_nil(values[case[4]])
      assert.is_nil(sources[case[4]])
      assert.equal("invalid_parameter", err.code)
      assert.equal(case[3], err.message)
      assert.equal(case[4], err.field)
    end
  end)

  describe("of the endpoint", function()
    local env = { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = "https://service", AWS_ENDPOINT_URL = "https://any" }
    local values = { services = "local", endpoint_url = "https://profile" }
    local services = { ["local"] = { cognito_identity_provider = { endpoint_url = "https://section" } } }

    local function endpoint(...)
      local found, sources = find(...)
      return { found.endpoint, sources.endpoint }
    end

    it("goes from the nearest to the farthest", function()
      assert.same({ "https://own", "settings" }, endpoint({ endpoint = "https://own" }, env, values, services))
      assert.same({ "https://service", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER" },
        endpoint({}, env, values, services))
      assert.same({ "https://any", "AWS_ENDPOINT_URL" },
        endpoint({}, { AWS_ENDPOINT_URL = "https://any" }, values, services))
      assert.same({ "https://section", "services section 'local'" }, endpoint({}, {}, values, services))
      assert.same({ "https://profile", "endpoint_url of profile 'work'" }, endpoint({}, {}, values, {}))
      assert.same({}, endpoint({}, {}, {}, services))
    end)

    it("can be switched off, but for the program's own", function()
      env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = "true"
      assert.same({}, endpoint({}, env, values, services))
      assert.same({ "https://own", "settings" }, endpoint({ endpoint = "https://own" }, env, values, services))
      values.ignore_configured_endpoint_urls = "True"
      assert.same({}, endpoint({}, {}, values, services))
    end)
  end)
end)
