--- Reads the service's published model and writes it down as Lua facts.
--
--     lua5.4 model/import.lua MODEL
--
-- Whatever order the JSON has, the same facts give the same bytes.
-- @module model.import
local M = {}

local USAGE = [[
usage: lua5.4 model/import.lua [--output FILE] [--allow-losses] MODEL

MODEL is the description of Amazon Cognito user pools, either as botocore
ships it, botocore/data/cognito-idp/2016-04-18/service-2.json with
paginators-1.json beside it, or as AWS publishes it, in Smithy's JSON.
FILE is model/cognito_idp.lua unless it is named; - is standard output. It is
replaced only when all of the model could be read, and when MODEL has every
operation and member that FILE has: --allow-losses lets them go. What
model/overlay.lua and model/newer.lua say of them has to go as well.]]

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
local losses = require "model.losses"

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
  return facts
end

-- The facts of a file that is there; nothing where it is none.
local function facts_at(path)
  local chunk = loadfile(path)
  local ok, facts = pcall(chunk or error)
  return ok and type(facts) == "table" and facts or {}
end

local function refuse_losses(path, facts)
  local lost = losses.between(facts_at(path), facts)
  if lost then
    error(("the model lacks %s, which %s has: is it an older one? --allow-losses imports it all the same")
      :format(lost, path), 0)
  end
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

local function arguments(...)
  local words, given = { ... }, { output = root .. "model/cognito_idp.lua" }
  local i = 1
  while (words[i] or ""):find "^%-" do
    if words[i] == "--output" then
      given.output, i = words[i + 1], i + 1
    elseif words[i] == "--allow-losses" then
      given.allows_losses = true
    else
      return nil
    end
    i = i + 1
  end
  given.model = words[i]
  return given.model and given.output and not words[i + 1] and given or nil
end

local function carry_out(out, given)
  local facts = import(given.model)
  if given.output == "-" then
    out:write(facts_text(facts))
    return
  end
  if not given.allows_losses then
    refuse_losses(given.output, facts)
  end
  replace(given.output, facts_text(facts))
end

--- Runs the importer as a command.
-- @tparam file out where the facts are written when the output is `-`
-- @tparam file err where complaints are written
-- @tparam ?string ... the command's arguments, see USAGE
-- @treturn integer exit status: 0, 1 for a bad file, 2 for a wrong call
function M.main(out, err, ...)
  local given = arguments(...)
  if not given then
    err:write(USAGE, "\n")
    return 2
  end
  local ok, problem = pcall(carry_out, out, given)
  if not ok then
    err:write("import.lua: ", problem, "\n")
    return 1
  end
  return 0
end

if not is_script then
  return M
end
os.exit(M.main(io.stdout, io.stderr, ...))
