// The service's half of a sign-in by tssrp6a, a server of SRP from npm: its B, its S
// and its check of the proof. What Cognito hashes differently is in `Cognito`, and the
// prime is node's. A line of JSON in, a line of JSON out.
//
//     node spec/support/npm_srp_server.js FOLDER <CASES
const path = require("path");
const readline = require("readline");
const crypto = require("crypto");

const { SRPParameters, SRPRoutines, SRPServerSession } = require(path.resolve(process.argv[2]));

const N = BigInt(`0x${crypto.getDiffieHellman("modp15").getPrime("hex")}`);
const parameters = new SRPParameters({ N, g: 2n }, SRPParameters.H.SHA256);

// As Java's BigInteger writes a number.
function bytes(number) {
  const hex = number.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex");
}

function sha256(...parts) {
  return crypto.createHash("sha256").update(Buffer.concat(parts)).digest();
}

function number(buffer) {
  return BigInt(`0x${buffer.toString("hex")}`);
}

class Cognito extends SRPRoutines {
  constructor(given) {
    super(parameters);
    this.given = given;
  }

  generatePrivateValue() { return BigInt(`0x${this.given.b}`); }

  async computeK() { return number(sha256(bytes(N), Buffer.from([2]))); }

  async computeU(A, B) { return number(sha256(bytes(A), bytes(B))); }

  async computeX(user, salt, password) {
    const identity = sha256(Buffer.from(`${this.given.pool}${user}:${password}`));
    return number(sha256(bytes(salt), identity));
  }

  async computeClientEvidence(user, salt, A, B, S) {
    const key = Buffer.from(crypto.hkdfSync("sha256", bytes(S), bytes(await this.computeU(A, B)),
      "Caldera Derived Key", 16));
    return number(crypto.createHmac("sha256", key).update(this.given.pool).update(user)
      .update(Buffer.from(this.given.block, "base64")).update(this.given.time).digest());
  }
}

async function serve(given) {
  const routines = new Cognito(given);
  const salt = BigInt(`0x${given.salt}`);
  const verifier = routines.computeVerifier(await routines.computeX(given.user, salt, given.password));
  const session = await new SRPServerSession(routines).step1(given.user, salt, verifier);
  if (!given.signature) return { B: session.B.toString(16) };
  const proof = number(Buffer.from(given.signature, "base64"));
  return session.step2(BigInt(`0x${given.A}`), proof).then(() => ({ verified: true }),
    (error) => ({ verified: false, message: error.message }));
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await serve(JSON.parse(line))));
  }
}

main();
