// Signs cases with AuthenticationHelper of amazon-cognito-identity-js, the
// service's own client for browsers: a line of JSON in, a line of JSON out.
//
//     node spec/support/npm_srp.js FOLDER <CASES
const path = require("path");
const readline = require("readline");
const crypto = require("crypto");

const folder = path.resolve(process.argv[2]);
const AuthenticationHelper = require(path.join(folder, "lib/AuthenticationHelper.js")).default;
const BigInteger = require(path.join(folder, "lib/BigInteger.js")).default;

function number(hex) {
  return new BigInteger(hex, 16);
}

function answer(given) {
  const helper = new AuthenticationHelper(given.pool);
  helper.smallAValue = number(given.secret);
  helper.calculateA(helper.smallAValue, (error, a) => { helper.largeAValue = a; });
  let key;
  helper.getPasswordAuthenticationKey(given.user, given.password, number(given.b), number(given.salt),
    (error, made) => { key = made; });
  const signature = crypto.createHmac("sha256", Buffer.from(key)).update(given.pool).update(given.user)
    .update(Buffer.from(given.block, "base64")).update(given.time).digest("base64");
  return { A: helper.largeAValue.toString(16), signature };
}

// A device's verifier, of a password and a salt by chance.
function device(given) {
  const helper = new AuthenticationHelper(given.pool);
  helper.generateHashDevice(given.pool, given.user, () => {});
  return { password: helper.getRandomPassword(), salt: helper.getSaltDevices(), verifier: helper.getVerifierDevices() };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const given = JSON.parse(line);
  console.log(JSON.stringify(given.device ? device(given) : answer(given)));
});
