// A day at the counter through Douyin's own SDK for Node: token, prepare, verify, read, cancel.
const { default: Credential } = require("@open-dy/open_api_credential");
const sdk = require("@open-dy/open_api_sdk");

async function main(told) {
  const settings = { clientKey: told.client_key, clientSecret: told.client_secret };
  const client = new sdk.default(settings);
  const own = await new Credential(settings).getClientToken();
  const asked = await client.oauthClientToken(new sdk.OauthClientTokenRequest({ ...settings, grantType: "client_credential" }));
  const accessToken = told.credential ? own.accessToken : asked.data.accessToken;

  const prepared = await client.certificatePrepare(
    new sdk.CertificatePrepareRequest({ accessToken, poiId: told.poi_id, code: told.code, encryptedData: told.encrypted_data }),
  );
  const certificates = prepared.data.certificates || prepared.data.certificatesV2;
  const encryptedCodes = told.uses ? Array(told.uses).fill(certificates[0].encryptedCode) : certificates.map((each) => each.encryptedCode);
  const verified = await client.certificateVerify(
    new sdk.CertificateVerifyRequest({
      accessToken,
      poiId: told.poi_id,
      verifyToken: prepared.data.verifyToken,
      orderId: prepared.data.orderId,
      encryptedCodes,
    }),
  );
  const results = verified.data.verifyResults;
  const before = await client.certificateGet(new sdk.CertificateGetRequest({ accessToken, encryptedCode: encryptedCodes[0] }));
  const cancelled = told.keep
    ? null
    : await client.certificateCancel(
        new sdk.CertificateCancelRequest({ accessToken, verifyId: results[0].verifyId, certificateId: results[0].certificateId }),
      );
  const after = await client.certificateGet(new sdk.CertificateGetRequest({ accessToken, encryptedCode: encryptedCodes[0] }));
  return { token: asked.data, order: prepared.data.orderId, certificates, results, before, cancelled, after };
}

async function wrong(told) {
  const client = new sdk.default({ clientKey: told.client_key, clientSecret: told.client_secret });
  const answer = await client.oauthClientToken(
    new sdk.OauthClientTokenRequest({ clientKey: told.client_key, clientSecret: "wrong", grantType: "client_credential" }),
  );
  return { token: answer.data };
}

const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
(told.wrong ? wrong : main)(told).then(
  (answer) => process.stdout.write(JSON.stringify(answer)),
  (error) => process.stdout.write(JSON.stringify({ error: String(error.message || error), code: error.code })),
);
