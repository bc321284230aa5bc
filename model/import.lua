--- Reads the service's published model and writes it down as Lua facts.
--
--     lua5.4 model/import.lua MODEL
--
-- Whatever order the JSON has, the same facts give the same bytes.
-- @module model.import
local M = {}

local USAGE = [[
usage: lua5.4 model/import.lua [--output FILE] MODEL

MODEL is the description of Amazon Cognito user pools, either as botocore
ships it, botocore/data/cognito-idp/2016-04-18/service-2.json with
paginators-1.json beside it, or as AWS publishes it, in Smithy's JSON.
FILE is model/cognito_idp.lua unless it is named; - is standard output. It is
replaced only when all of the model could be read.]]

-- Run as a script, this file may be called from anywhere.
local is_script = ... ~= "model.import"
local root = is_script and arg[0]:match("^(.*)model[/\\][^/\\]*$") or ""
if is_script then
  local folder = root == "" and "./" or root
  package.path = folder .. "?.lua;" .. folder .. "lua/?.lua;" .. package.path
end

local facts_text = require "model.facts_text"
local from_botocore = require "model.from_botocore"
local from_smithy = require "model.from_smithy"

--- Picks the facts that we keep from a published model, of either format.
-- @tparam table published the decoded model
-- @tparam[opt] table paginators the decoded `paginators-1.json`
-- @treturn table facts: `service`, `operations`, `paginators`, `shapes`
-- @raise a sentence that says what is wrong with the model
function M.facts(published, paginators)
  if type(published) ~= "table" then
    error("not a service model: it holds no JSON object", 0)
  elseif published.smithy then
    return from_smithy(published)
  end
  return from_botocore(published, paginators)
end

local function read_json(path)
  local file, problem = io.open(path, "rb")
  if not file then
    error("cannot read " .. problem, 0)
  end
  local text = file:read "*a"
  file:close()
  local ok, value = pcall(require("cjson").decode, text or "")
  if not ok then
    error(("%s holds no JSON: %s"):format(path, value), 0)
  end
  return value
end

-- botocore keeps the paginators in a file of their own, in the same folder.
local function read_paginators(model_path)
  local path = model_path:gsub("[^/\\]*$", "") .. "paginators-1.json"
  local file = io.open(path, "rb")
  if file then
    file:close()
    return read_json(path)
  end
end

local function import(model_path)
  local published = read_json(model_path)
  local ok, facts = pcall(M.facts, published, read_paginators(model_path))
  if not ok then
    error(model_path .. " is " .. facts, 0)
  end
  return facts_text(facts)
end

-- A file that is there stays as it was until the new one is complete.
local function replace(path, text)
  local temporary = path .. ".new"
  local file, problem = io.open(temporary, "wb")
  local written = file and file:write(text)
  if file and not (file:close() and written) then
    problem = "cannot write " .. temporary
  end
  if not problem then
    local renamed
    renamed, problem = os.rename(temporary, path)
    problem = not renamed and problem or nil
  end
  if problem then
    os.remove(temporary)
    error(problem, 0)
  end
end

local function arguments(first, second, third)
  if first == "--output" then
    return third, second
  end
  return first, root .. "model/cognito_idp.lua"
end

--- Runs the importer as a command.
-- @tparam file out where the facts are written when the output is `-`
-- @tparam file err where complaints are written
-- @tparam ?string ... the command's arguments, see USAGE
-- @treturn integer exit status: 0, 1 for a bad file, 2 for a wrong call
function M.main(out, err, ...)
  local model_path, output = arguments(...)
  if not model_path or not output or model_path:find "^%-" then
    err:write(USAGE, "\n")
    return 2
  end
  local ok, text = pcall(import, model_path)
  if ok and output == "-" then
    out:write(text)
  elseif ok then
    ok, text = pcall(replace, output, text)
  end
  if not ok then
    err:write("import.lua: ", text, "\n")
    return 1
  end
  return 0
end

if not is_script then
  return M
end
os.exit(M.main(io.stdout, io.stderr, ...))
