// The same with cognito-srp-helper as it is, which leaves the calls to its caller:
// sign_in_helper.js PACKAGE SIGN_INS
"use strict";
const [folder, signInsText] = process.argv.slice(2);
const helper = require(folder);
const signIns = Number(signInsText);

const asked = {
  ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: {
    USER_ID_FOR_SRP: "alice", USERNAME: "alice", SALT: "8f6a1dad".repeat(4), SRP_B: "a2be".repeat(192),
    SECRET_BLOCK: "QUJD".repeat(300),
  },
};

function signInAll(n) {
  for (let i = 0; i < n; i++) {
    const session = helper.createSrpSession("alice", "Correct-Horse-9!", "us-east-1_AbCdEfGhI", false);
    helper.wrapInitiateAuth(session, { AuthFlow: "USER_SRP_AUTH", AuthParameters: { USERNAME: "alice" } });
    helper.wrapAuthChallenge(helper.signSrpSession(session, asked), {
      ChallengeName: "PASSWORD_VERIFIER", ChallengeResponses: { USERNAME: "alice" },
    });
  }
}

signInAll(Math.ceil(signIns / 10) + 1);
const begun = process.hrtime.bigint(), before = process.cpuUsage();
signInAll(signIns);
const cpu = process.cpuUsage(before), wall = Number(process.hrtime.bigint() - begun) / 1000;
console.log(((cpu.user + cpu.system) / signIns).toFixed(3), (wall / signIns).toFixed(3));
