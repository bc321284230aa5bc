// Signs in twice with amazon-cognito-identity-js as it is, the second time with
// the device that it has confirmed, refreshes, has the device forgotten, and
// signs in once more: a line of JSON for each.
//
//     node spec/support/npm_devices.js FOLDER URL POOL CLIENT USER PASSWORD
const path = require("path");

const [folder, endpoint, UserPoolId, ClientId, Username, Password] = process.argv.slice(2);
const { CognitoUserPool, CognitoUser, AuthenticationDetails } = require(path.resolve(folder));

const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });

function fail(error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }));
  process.exit(0);
}

function tell(user, session) {
  const claims = session.getIdToken().decodePayload();
  console.log(JSON.stringify({ username: claims["cognito:username"], device: user.deviceKey }));
}

// A user whose device the package's own store keeps.
function signIn(next) {
  const user = new CognitoUser({ Username, Pool });
  const challenge = (name) => fail({ code: "asked", message: name });
  user.authenticateUser(new AuthenticationDetails({ Username, Password }), {
    onSuccess: (session) => { tell(user, session); next(user, session); },
    onFailure: fail, mfaRequired: challenge, totpRequired: challenge,
  });
}

function refresh(user, session, next) {
  user.refreshSession(session.getRefreshToken(), (error, renewed) => {
    if (error) return fail(error);
    tell(user, renewed);
    return next();
  });
}

// At the service only, so that the package still has it.
function forget(user, next) {
  user.client.request("ForgetDevice", {
    AccessToken: user.getSignInUserSession().getAccessToken().getJwtToken(), DeviceKey: user.deviceKey,
  }, (error) => (error ? fail(error) : next()));
}

signIn(() => signIn((user, session) => refresh(user, session, () => forget(user, () => signIn(() => {})))));
