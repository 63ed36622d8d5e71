// A list of calls through a third party's client for Meituan: each as it is configured by whoever uses it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const { MeituanClient, resolveMeituanConfig } = await import(pathToFileURL(require.resolve("@partme.ai/openclaw-meituan")));
const told = JSON.parse(readFileSync(0, "utf8"));
const client = new MeituanClient(resolveMeituanConfig(told.config));
const answers = [];
for (const [operation, biz] of told.calls) {
  try {
    answers.push(await client.invoke(operation, biz));
  } catch (error) {
    answers.push({ error: error.message, code: error.code });
  }
}
process.stdout.write(JSON.stringify({ answers }));
