// The same job for Node, without a package: events_peer.mjs API RECEIVER CHECKPOINT.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import http from "node:http";

const [api, receiver, checkpoint] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true });

function post(host, path, body) {
  return new Promise((resolve, reject) => {
    const [hostname, port] = host.split(":");
    const text = JSON.stringify(body);
    const headers = { "Content-Type": "application/json", Authorization: "Bearer token", "Content-Length": Buffer.byteLength(text) };
    const request = http.request({ hostname, port, path, method: "POST", agent, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        response.statusCode === 200 ? resolve(Buffer.concat(chunks).toString()) : reject(new Error(`${path} answered ${response.statusCode}`)));
    });
    request.on("error", reject);
    request.end(text);
  });
}

let question = { limit: 1000, start_time: "2026-01-01T00:00:00Z" };
try {
  question = JSON.parse(readFileSync(checkpoint, "utf8"));
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}

for (let more = true; more; ) {
  const page = JSON.parse(await post(api, "/api/v2/auditevents", question));
  if (page.items.length > 0) {
    await post(receiver, "/hook", page.items);
  }
  question = { cursor: page.cursor };
  more = page.has_more;
  writeFileSync(`${checkpoint}.tmp`, JSON.stringify(question));
  renameSync(`${checkpoint}.tmp`, checkpoint);
}
agent.destroy();
