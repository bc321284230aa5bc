// Signs in with amazon-cognito-identity-js as it is, and prints what became of
// it as a line of JSON.
//
//     node spec/support/npm_sign_in.js FOLDER URL POOL CLIENT USER PASSWORD [NEW PASSWORD]
const path = require("path");

const [folder, endpoint, UserPoolId, ClientId, Username, Password, newPassword] = process.argv.slice(2);
const { CognitoUserPool, CognitoUser, AuthenticationDetails } = require(path.resolve(folder));

function tell(result) {
  console.log(JSON.stringify(result));
}

const user = new CognitoUser({ Username, Pool: new CognitoUserPool({ UserPoolId, ClientId, endpoint }) });
const answers = {
  onSuccess: (session) => tell({ claims: session.getIdToken().decodePayload() }),
  onFailure: (error) => tell({ code: error.code, message: error.message }),
  newPasswordRequired: () => user.completeNewPasswordChallenge(newPassword, {}, answers),
  mfaRequired: (name) => tell({ challenge: name }),
  totpRequired: (name) => tell({ challenge: name }),
};
user.authenticateUser(new AuthenticationDetails({ Username, Password }), answers);
