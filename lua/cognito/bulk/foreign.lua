--- Files that hold no list of users in a form that is read: named, with what
-- to do instead. Their lines would pass for names, or say no more than that
-- they are no text.
-- @module cognito.bulk.foreign

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"

local M = {}

local function refuse(what, advice)
  failure.raise("invalid_input", ("line 1: this is %s: %s"):format(what, advice), { line = 1 })
end

local SAVE = "save the sheet as CSV (UTF-8)"
local UNPACK = "unpack it, and give its contents"
local CONVERT = "save it as UTF-8"

-- The first bytes of each kind, as patterns; those of a workbook, which is a
-- zip file, before zip's.
local kinds_of_bytes = {
  { "^PK\3\4.-xl/", "an Excel workbook (.xlsx)", SAVE },
  { "^PK\3\4.-%[Content_Types%]", "an Office document", SAVE },
  { "^PK\3\4.-opendocument%.spreadsheet", "an OpenDocument spreadsheet (.ods)", SAVE },
  { "^PK[\3\5][\4\6]", "a zip file", UNPACK .. ", by unzip -p FILE |" },
  { "^\31\139", "a gzip file", UNPACK .. ", by gzip -dc FILE |" },
  { "^BZh%d1AY", "a bzip2 file", UNPACK .. ", by bzip2 -dc FILE |" },
  { "^\253" .. "7zXZ%z", "an xz file", UNPACK .. ", by xz -dc FILE |" },
  { "^%(\181/\253", "a zstd file", UNPACK .. ", by zstd -dc FILE |" },
  { "^7z\188\175\39\28", "a 7z file", UNPACK },
  { "^\208\207\17\224", "an Excel workbook (.xls) or another old Office document", SAVE },
  { "^SQLite format 3%z", "an SQLite database", "an earlier job's journal is named by --from-journal" },
  { "^PAR1", "a Parquet file", "export it as CSV or JSON lines" },
  { "^%%PDF%-", "a PDF document", "get the list as CSV" },
  { "^\255\254%z%z", "UTF-32", CONVERT },
  { "^%z%z\254\255", "UTF-32", CONVERT },
  { "^[\9\10\13\32-\126]%z[\9\10\13\32-\126]%z", "UTF-16 without its byte order mark", CONVERT },
  { "^%z[\9\10\13\32-\126]%z[\9\10\13\32-\126]", "UTF-16 without its byte order mark", CONVERT },
}

--- Refuses what the first bytes of a file tell.
-- @tparam string bytes the first ones
-- @raise a cognito.Error then
function M.refuse_bytes(bytes)
  for _, kind in ipairs(kinds_of_bytes) do
    if bytes:find(kind[1]) then
      refuse(kind[2], kind[3])
    end
  end
end

local AWS = "of aws cognito-idp list-users give --output json"

local kinds_of_lines = {
  { "^[-+|]%-%-%-[-+|]*%s*$", "a drawn table", AWS },
  { "^%-%-%-%s*$", "YAML", AWS },
  { "^%- ", "YAML, or another list with dashes", AWS },
  { "^[a-z0-9_]+:%s*$", "YAML", AWS },
  { "^[a-z0-9_]+: ", "YAML", AWS },
  { "^users\t.+\t.+\t", "text output of the AWS CLI", AWS },
  { "^attributes\t", "text output of the AWS CLI", AWS },
  { "^<!doctype ", "HTML", "get the list as CSV" },
  { "^<html", "HTML", "get the list as CSV" },
  { "^<table", "HTML", "get the list as CSV" },
  { "^<%?xml ", "XML", "get the list as CSV or JSON" },
}

--- Refuses what the first line of a file tells.
-- @tparam string line
-- @raise a cognito.Error then
function M.refuse_line(line)
  local folded = c_locale.lower(line)
  for _, kind in ipairs(kinds_of_lines) do
    if folded:find(kind[1]) then
      refuse(kind[2], kind[3])
    end
  end
end

return M
