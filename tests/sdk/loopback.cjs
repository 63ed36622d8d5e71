// Points the connections that a package opens to official hosts at a sandbox on loopback; the package itself is left
// as it is. HEXIAO_LOOPBACK: JSON, official host -> the sandbox's address.
const http = require("http");
const https = require("https");

const bases = new Map(
  Object.entries(JSON.parse(process.env.HEXIAO_LOOPBACK || "{}")).map(([host, base]) => [host, new URL(base)]),
);

function pointed(options) {
  const { agent, agents, ...rest } = options instanceof URL ? { path: options.pathname + options.search, hostname: options.hostname } : options;
  const host = rest.hostname || rest.host;
  const base = bases.get(host);
  if (!base) {
    throw new Error(`no connection leaves this machine: ${host}`);
  }
  const headers = { ...rest.headers, host };
  return { ...rest, protocol: "http:", host: base.hostname, hostname: base.hostname, port: base.port, headers };
}

https.request = (options, ...more) => http.request(pointed(typeof options === "string" ? new URL(options) : options), ...more);
https.get = (options, ...more) => {
  const request = https.request(options, ...more);
  request.end();
  return request;
};
