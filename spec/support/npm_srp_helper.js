// Signs in by the numbers of cognito-srp-helper, from npm and as it is: with a
// client secret, confirms the device, and signs in with it.
//
//     node spec/support/npm_srp_helper.js FOLDER URL POOL CLIENT SECRET USER PASSWORD
const path = require("path");

const [folder, url, poolId, ClientId, clientSecret, username, password] = process.argv.slice(2);
const helper = require(path.resolve(folder));

async function call(operation, params) {
  const reply = await fetch(url, {
    method: "POST", body: JSON.stringify(params), headers: {
      "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
    },
  });
  const body = await reply.json();
  if (!reply.ok) throw new Error(`${body.__type}: ${body.message}`);
  return body;
}

const SECRET_HASH = helper.createSecretHash(username, ClientId, clientSecret);

function respond(signed, ChallengeName, more, Session) {
  return call("RespondToAuthChallenge", helper.wrapAuthChallenge(signed, {
    ClientId, ChallengeName, ChallengeResponses: { SECRET_HASH, USERNAME: username, ...more }, Session,
  }));
}

async function begin(more) {
  const session = helper.createSrpSession(username, password, poolId, false);
  const asked = await call("InitiateAuth", helper.wrapInitiateAuth(session, {
    ClientId, AuthFlow: "USER_SRP_AUTH", AuthParameters: { CHALLENGE_NAME: "SRP_A", SECRET_HASH, USERNAME: username, ...more },
  }));
  const signed = helper.signSrpSession(session, asked);
  return { session, signed, result: await respond(signed, "PASSWORD_VERIFIER", more, asked.Session) };
}

async function main() {
  const { AuthenticationResult: first } = (await begin({})).result;
  const { DeviceKey, DeviceGroupKey } = first.NewDeviceMetadata;
  const { DeviceSecretVerifierConfig, DeviceRandomPassword } = helper.createDeviceVerifier(DeviceKey, DeviceGroupKey);
  await call("ConfirmDevice", { AccessToken: first.AccessToken, DeviceKey, DeviceSecretVerifierConfig });
  const more = { DEVICE_KEY: DeviceKey };
  const { session, signed, result } = await begin(more);
  const asked = await respond(signed, result.ChallengeName, more, result.Session);
  const proof = helper.signSrpSessionWithDevice(session, asked, DeviceGroupKey, DeviceRandomPassword);
  const last = await respond(proof, asked.ChallengeName, more, asked.Session);
  return { asked: [result.ChallengeName, asked.ChallengeName], token: typeof last.AuthenticationResult.AccessToken,
    named: last.AuthenticationResult.NewDeviceMetadata !== undefined };
}

main().then((told) => console.log(JSON.stringify(told)),
  (error) => console.log(JSON.stringify({ message: error.message })));
