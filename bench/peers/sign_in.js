// The same with amazon-cognito-identity-js as it is: sign_in.js PACKAGE SIGN_INS
"use strict";
const [folder, signInsText] = process.argv.slice(2);
const { CognitoUserPool, CognitoUser, AuthenticationDetails } = require(folder);
const signIns = Number(signInsText);

const replies = {
  InitiateAuth: {
    ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: {
      USER_ID_FOR_SRP: "alice", USERNAME: "alice", SALT: "8f6a1dad".repeat(4), SRP_B: "a2be".repeat(192),
      SECRET_BLOCK: "QUJD".repeat(300),
    },
  },
  RespondToAuthChallenge: {
    ChallengeParameters: {}, AuthenticationResult: {
      AccessToken: "e30.e30.e30", IdToken: "e30.e30.e30", RefreshToken: "r", ExpiresIn: 3600, TokenType: "Bearer",
    },
  },
};

const Pool = new CognitoUserPool({ UserPoolId: "us-east-1_AbCdEfGhI", ClientId: "3n4b5urk1ft4fl3mg5e62d9ado" });

function signIn() {
  return new Promise((resolve, reject) => {
    const user = new CognitoUser({ Username: "alice", Pool });
    user.client.request = (operation, params, callback) => callback(null, replies[operation]);
    user.authenticateUser(new AuthenticationDetails({ Username: "alice", Password: "Correct-Horse-9!" }),
      { onSuccess: resolve, onFailure: reject });
  });
}

async function signInAll(n) {
  for (let i = 0; i < n; i++) await signIn();
}

async function main() {
  await signInAll(Math.ceil(signIns / 10) + 1);
  const begun = process.hrtime.bigint(), before = process.cpuUsage();
  await signInAll(signIns);
  const cpu = process.cpuUsage(before), wall = Number(process.hrtime.bigint() - begun) / 1000;
  console.log(((cpu.user + cpu.system) / signIns).toFixed(3), (wall / signIns).toFixed(3));
}

main();
