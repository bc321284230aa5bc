// Prints what the SDK for JavaScript knows of the service as JSON: operations
// with their shapes and errors, structures with their members, enumerations,
// paginators, and which operations' pages say that they take no credentials.
const fs = require("fs");
const path = require("path");

const [folder] = process.argv.slice(2);
const sdk = require(path.resolve(folder));
const STRUCTURE = 3, OPERATION = 9; // the kinds of a schema

function operation(schema) {
  const [, , name, , input, output] = schema;
  const page = fs.readFileSync(path.join(folder, "dist-types/commands", `${name}Command.d.ts`), "utf8");
  const errors = [...page.matchAll(/@throws \{@link (\w+)\}/g)].map((found) => found[1]);
  return {
    input: input()[2],
    errors: errors.filter((error) => error !== "CognitoIdentityProviderServiceException").sort(),
    unsigned: /can't use IAM credentials/.test(page.replace(/[\s*]+/g, " ")),
  };
}

function structure(schema) {
  const [, , , , names, , required] = schema;
  return { members: [...names].sort(), required: names.slice(0, required || 0).sort() };
}

function words(value) {
  const all = value && typeof value === "object" && !Array.isArray(value) ? Object.values(value) : [];
  return all.length && all.every((one) => typeof one === "string") ? all.sort() : undefined;
}

const found = { operations: {}, structures: {}, enums: {}, paginators: [] };
for (const [name, value] of Object.entries(sdk)) {
  if (Array.isArray(value) && value[0] === OPERATION) found.operations[value[2]] = operation(value);
  else if (Array.isArray(value) && value[0] === STRUCTURE) found.structures[value[2]] = structure(value);
  else if (words(value)) found.enums[name] = words(value);
  else if (/^paginate/.test(name)) found.paginators.push(name.slice("paginate".length));
}
found.paginators.sort();
console.log(JSON.stringify(found));
