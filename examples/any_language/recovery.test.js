// The lost password of an app, tested with AWS's SDK for JavaScript:
//
//     npm install @aws-sdk/client-cognito-identity-provider
//     cognito sandbox --user ada:ada@example.com -- node --test
const assert = require("node:assert");
const { createHmac } = require("node:crypto");
const { beforeEach, test } = require("node:test");
const sdk = require("@aws-sdk/client-cognito-identity-provider");

const endpoint = process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER;
const pool = new sdk.CognitoIdentityProviderClient({ region: process.env.AWS_REGION, endpoint });
const { COGNITO_CLIENT_ID: ClientId, COGNITO_CLIENT_SECRET: secret, COGNITO_USER_POOL_ID: UserPoolId } = process.env;

const Username = "ada";
const SecretHash = createHmac("sha256", secret).update(Username + ClientId).digest("base64");

async function order(name, what) {
  const headers = { "Content-Type": "application/json" };
  await fetch(`${endpoint}/${name}`, { method: "POST", headers, body: JSON.stringify(what) });
}

async function code() {
  const outbox = await (await fetch(endpoint + "/outbox")).json();
  return outbox.at(-1).code;
}

function forgotPassword() {
  return pool.send(new sdk.ForgotPasswordCommand({ ClientId, SecretHash, Username }));
}

function setPassword(ConfirmationCode, Password) {
  return pool.send(
    new sdk.ConfirmForgotPasswordCommand({ ClientId, SecretHash, Username, ConfirmationCode, Password }));
}

beforeEach(() => order("reset", {}));

test("a lost password is replaced, and the user signs in with the new one", async () => {
  const sent = await forgotPassword();
  assert.equal(sent.CodeDeliveryDetails.Destination, "a***@e***.com");
  await setPassword(await code(), "N3w-Passw0rd");
  const signedIn = await pool.send(new sdk.InitiateAuthCommand({
    ClientId, AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: Username, PASSWORD: "N3w-Passw0rd", SECRET_HASH: SecretHash },
  }));
  assert.ok(signedIn.AuthenticationResult.AccessToken);
  const user = await pool.send(new sdk.AdminGetUserCommand({ UserPoolId, Username })); // signed
  assert.equal(user.UserStatus, "CONFIRMED");
});

test("a wrong code is refused", async () => {
  await forgotPassword();
  await assert.rejects(setPassword("000000", "N3w-Passw0rd"), { name: "CodeMismatchException" });
});

test("the user's limit is used up", async () => {
  const fault = { operation: "forgot_password", what: "error", code: "LimitExceededException" };
  await order("misbehave", { ...fault, times: 3 }); // the SDK tries that three times
  await assert.rejects(forgotPassword(), { name: "LimitExceededException" });
});
