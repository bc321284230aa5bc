// verify_token.mjs JOSE ISSUER AUDIENCE TOKEN...: verifies tokens as an OpenID
// client does, from the issuer's discovery document on. Prints the claims, or
// the code of what is wrong, a line each.
const [jose, issuer, audience, ...tokens] = process.argv.slice(2);
const { createRemoteJWKSet, jwtVerify } = await import(jose);

const configuration = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));

for (const token of tokens) {
  try {
    const options = { issuer: configuration.issuer, algorithms: configuration.id_token_signing_alg_values_supported };
    if (audience !== "-") options.audience = audience;
    console.log(JSON.stringify((await jwtVerify(token, keys, options)).payload));
  } catch (error) {
    console.log(JSON.stringify({ error: error.code }));
  }
}
