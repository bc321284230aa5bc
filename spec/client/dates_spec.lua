local clock = require "cognito.clock"

local AT = 1795247391 -- 2026-11-21T07:49:51Z

describe("clock.parse_rfc3339", function()
  local dates = {
    { "2026-11-21T07:49:51Z", AT }, { "2026-11-21t07:49:51z", AT }, { "2026-11-21 07:49:51Z", AT },
    { "2026-11-21T07:49:51UTC", AT }, { "2026-11-21T08:49:51+01:00", AT }, { "2026-11-21T04:19:51-0330", AT },
    { "2026-11-20T23:49:51-08:00", AT }, { "2026-11-21T07:49:51+00:00", AT }, { "2026-11-21T07:49:51-00:00", AT },
    { "2026-11-21T07:49:51.5Z", AT + 0.5 }, { "2026-11-21T07:49:51.250000000+00:00", AT + 0.25 },
    { "1970-01-01T00:00:00Z", 0 }, { "1969-12-31T23:59:59Z", -1 }, { "2024-02-29T00:00:00Z", 1709164800 },
    { "2000-02-29T12:00:00Z", 951825600 }, { "2016-12-31T23:59:60Z", 1483228800 },
    { "9999-12-31T23:59:59Z", 253402300799 },
  }
  for _, row in ipairs(dates) do
    it("reads " .. row[1], function()
      assert.equal(row[2], clock.parse_rfc3339(row[1]))
    end)
  end

  local others = {
    "", "now", "2026-11-21", "2026-11-21T07:49:51", "2026-11-21T07:49Z", "2026-11-21T07:49:51.Z",
    "2026-11-21T07:49:511Z", "2026-13-21T07:49:51Z", "2026-00-21T07:49:51Z", "2026-11-31T07:49:51Z",
    "2026-11-00T07:49:51Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-21T24:00:00Z",
    "2026-11-21T07:60:51Z", "2026-11-21T07:49:61Z", "2026-11-21T07:49:51+24:00", "2026-11-21T07:49:51+01:60",
    "2026-11-21T07:49:51+1:00", "2026-11-21T07:49:51CET", "2026-11-21T07:49:51Z+01:00", " 2026-11-21T07:49:51Z",
    "2026-11-21T07:49:51Z ", "02026-11-21T07:49:51Z", "2026-11-21T07:49:51,5Z",
  }
  for _, text in ipairs(others) do
    it("does not read '" .. text .. "'", function()
      assert.is_nil(clock.parse_rfc3339(text))
    end)
  end

  it("reads nothing else", function()
    assert.is_nil(clock.parse_rfc3339(nil))
    assert.is_nil(clock.parse_rfc3339(1795247391))
    assert.is_nil(clock.parse_rfc3339 {})
  end)
end)

describe("clock.parse_http_date", function()
  it("reads dates as HTTP writes them", function()
    assert.equal(AT, clock.parse_http_date "Sat, 21 Nov 2026 07:49:51 GMT")
    assert.equal(951825600, clock.parse_http_date "Tue, 29 Feb 2000 12:00:00 GMT")
    assert.equal(1483228800, clock.parse_http_date "Sat, 31 Dec 2016 23:59:60 GMT")
  end)

  -- A clock would be corrected by them.
  for _, text in ipairs {
    "", "Sat, 00 Nov 2026 07:49:51 GMT", "Sat, 31 Nov 2026 07:49:51 GMT", "Sun, 29 Feb 2026 07:49:51 GMT",
    "Sat, 21 Nov 2026 24:49:51 GMT", "Sat, 21 Nov 2026 99:49:51 GMT", "Sat, 21 Nov 2026 07:60:51 GMT",
    "Sat, 21 Nov 2026 07:49:61 GMT", "Sat, 21 nov 2026 07:49:51 GMT", "Sat, 21 Nov 2026 07:49:51",
    "Sat, 21 Nov 2026 07:49:51 CET", "Saturday, 21-Nov-26 07:49:51 GMT",
  } do
    it("does not read '" .. text .. "'", function()
      assert.is_nil(clock.parse_http_date(text))
    end)
  end
end)

describe("clock.format_rfc3339", function()
  it("writes a date that can be read", function()
    assert.equal("2026-11-21T07:49:51Z", clock.format_rfc3339(AT))
    assert.equal("2026-11-21T07:49:51Z", clock.format_rfc3339(AT + 0.9))
    assert.equal(AT, clock.parse_rfc3339(clock.format_rfc3339(AT)))
  end)
end)
