// The SDK for JavaScript: sdk_calls.js PACKAGE URL AUTHORITY CALLS OPERATION IN_FLIGHT
"use strict";
const { readFileSync } = require("node:fs");
const { Agent } = require("node:https");
const [sdk, url, authority, callsText, operation, inFlightText] = process.argv.slice(2);
const {
  CognitoIdentityProviderClient, ForgotPasswordCommand, AdminResetUserPasswordCommand,
} = require(sdk);
const calls = Number(callsText), inFlight = Number(inFlightText);

const client = new CognitoIdentityProviderClient({
  endpoint: url,
  region: "us-east-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  requestHandler: { httpsAgent: new Agent({ keepAlive: true, maxSockets: inFlight, ca: readFileSync(authority) }) },
});

function command() {
  return operation === "forgot_password"
    ? new ForgotPasswordCommand({ ClientId: "3n4b5urk1ft4fl3mg5e62d9ado", Username: "alice@example.com" })
    : new AdminResetUserPasswordCommand({ UserPoolId: "us-east-1_AbCdEfGhI", Username: "alice@example.com" });
}

async function callAll(n) {
  let left = n;
  await Promise.all(Array.from({ length: Math.min(n, inFlight) }, async () => {
    while (left-- > 0) await client.send(command());
  }));
}

async function main() {
  if (calls > 1) await callAll(Math.floor(calls / 10) + inFlight);
  const begun = process.hrtime.bigint(), before = process.cpuUsage();
  await callAll(calls);
  const cpu = process.cpuUsage(before), wall = Number(process.hrtime.bigint() - begun) / 1000;
  console.log(((cpu.user + cpu.system) / calls).toFixed(3), (wall / calls).toFixed(3));
  client.destroy();
}

main();
