local endpoint = require "cognito.aws.endpoints"

local function url(settings)
  local found, err = endpoint.resolve(settings)
  return found or err.code
end

describe("endpoint.resolve", function()
  -- region, then the hosts: usual, dual-stack, FIPS, both.
  local rows = {
    { "us-east-1", "cognito-idp.us-east-1.amazonaws.com", "cognito-idp.us-east-1.amazonaws.com",
      "cognito-idp-fips.us-east-1.amazonaws.com", "cognito-idp-fips.us-east-1.amazonaws.com" },
    { "us-west-2", "cognito-idp.us-west-2.amazonaws.com", "cognito-idp.us-west-2.amazonaws.com",
      "cognito-idp-fips.us-west-2.amazonaws.com", "cognito-idp-fips.us-west-2.amazonaws.com" },
    { "eu-west-1", "cognito-idp.eu-west-1.amazonaws.com", "cognito-idp.eu-west-1.amazonaws.com",
      "cognito-idp-fips.eu-west-1.amazonaws.com", "cognito-idp-fips.eu-west-1.api.aws" },
    { "mx-central-1", "cognito-idp.mx-central-1.amazonaws.com", "cognito-idp.mx-central-1.amazonaws.com",
      "cognito-idp-fips.mx-central-1.amazonaws.com", "cognito-idp-fips.mx-central-1.api.aws" },
    { "us-gov-west-1", "cognito-idp.us-gov-west-1.amazonaws.com", "cognito-idp.us-gov-west-1.api.aws",
      "cognito-idp-fips.us-gov-west-1.amazonaws.com", "cognito-idp-fips.us-gov-west-1.api.aws" },
    { "cn-north-1", "cognito-idp.cn-north-1.amazonaws.com.cn", "cognito-idp.cn-north-1.api.amazonwebservices.com.cn",
      "cognito-idp-fips.cn-north-1.amazonaws.com.cn", "cognito-idp-fips.cn-north-1.api.amazonwebservices.com.cn" },
    { "eusc-de-east-1", "cognito-idp.eusc-de-east-1.amazonaws.eu",
      "cognito-idp.eusc-de-east-1.api.amazonwebservices.eu", "cognito-idp-fips.eusc-de-east-1.amazonaws.eu",
      "cognito-idp-fips.eusc-de-east-1.api.amazonwebservices.eu" },
    { "us-iso-east-1", "cognito-idp.us-iso-east-1.c2s.ic.gov", "cognito-idp.us-iso-east-1.api.aws.ic.gov",
      "cognito-idp-fips.us-iso-east-1.c2s.ic.gov", "cognito-idp-fips.us-iso-east-1.api.aws.ic.gov" },
    { "us-isob-east-1", "cognito-idp.us-isob-east-1.sc2s.sgov.gov", "cognito-idp.us-isob-east-1.api.aws.scloud",
      "cognito-idp-fips.us-isob-east-1.sc2s.sgov.gov", "cognito-idp-fips.us-isob-east-1.api.aws.scloud" },
    { "eu-isoe-west-1", "cognito-idp.eu-isoe-west-1.cloud.adc-e.uk",
      "cognito-idp.eu-isoe-west-1.api.cloud-aws.adc-e.uk", "cognito-idp-fips.eu-isoe-west-1.cloud.adc-e.uk",
      "cognito-idp-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk" },
    { "us-isof-south-1", "cognito-idp.us-isof-south-1.csp.hci.ic.gov",
      "cognito-idp.us-isof-south-1.api.aws.hci.ic.gov", "cognito-idp-fips.us-isof-south-1.csp.hci.ic.gov",
      "cognito-idp-fips.us-isof-south-1.api.aws.hci.ic.gov" },
    { "aws-cn-global", "cognito-idp.aws-cn-global.amazonaws.com.cn",
      "cognito-idp.aws-cn-global.api.amazonwebservices.com.cn", "cognito-idp-fips.aws-cn-global.amazonaws.com.cn",
      "cognito-idp-fips.aws-cn-global.api.amazonwebservices.com.cn" },
    -- Unknown regions are the main partition's.
    { "zz-new-9", "cognito-idp.zz-new-9.amazonaws.com", "cognito-idp.zz-new-9.amazonaws.com",
      "cognito-idp-fips.zz-new-9.amazonaws.com", "cognito-idp-fips.zz-new-9.api.aws" },
  }
  for _, row in ipairs(rows) do
    it("knows " .. row[1], function()
      local region = row[1]
      assert.equal("https://" .. row[2], url { region = region })
      assert.equal("https://" .. row[3], url { region = region, use_dualstack = true })
      assert.equal("https://" .. row[4], url { region = region, use_fips = true })
      assert.equal("https://" .. row[5], url { region = region, use_fips = true, use_dualstack = true })
    end)
  end

  it("takes the old names of FIPS regions", function()
    for _, name in ipairs { "fips-us-east-1", "us-east-1-fips", "fips-prod-us-east-1", "fips-dkr-us-east-1" } do
      assert.equal("https://cognito-idp-fips.us-east-1.amazonaws.com", url { region = name })
      assert.same({ "us-east-1", true }, { endpoint.real_region(name) })
    end
    assert.same({ "us-east-1", false }, { endpoint.real_region "us-east-1" })
  end)

  it("takes an endpoint as it is", function()
    for _, given in ipairs { "https://example.com", "https://example.com:8443/a/b", "HTTPS://EXAMPLE.com",
      "http://127.0.0.1:9229", "http://127.9.9.9", "http://[::1]:1/" } do
      assert.equal(given, url { endpoint = given })
      assert.equal(given, url { endpoint = given, region = "eu-west-1" })
    end
    assert.equal("http://example.com", url { endpoint = "http://example.com", allow_http = true })
  end)

  it("refuses what cannot be", function()
    assert.equal("no_region", url {})
    for _, region in ipairs { "eu west", "eu.west", "-eu", "eu-", "é", ("a"):rep(64), "a/b", "a\nb" } do
      assert.equal("invalid_parameter", url { region = region })
    end
    for _, given in ipairs { "host", "ftp://host", "https:///x", "https://", "http://example.com",
      "http://localhost", "http://127.0.0.1.example.com", "http://[::2]" } do
      assert.equal("invalid_parameter", url { endpoint = given }, given)
    end
    assert.equal("invalid_parameter", url { endpoint = "https://h", use_fips = true })
    assert.equal("invalid_parameter", url { endpoint = "https://h", use_dualstack = true })
    assert.equal("invalid_parameter", url { endpoint = "https://h", region = "fips-us-east-1" })
  end)
end)
