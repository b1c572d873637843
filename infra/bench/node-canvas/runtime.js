// Lambda's Runtime API over node:http. Less than what AWS's own runtime does for a function, so it flatters
// Node.

import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const BASE = "/2018-06-01/runtime/invocation";

// Hands every event to the handler, one after the other.
export async function serve(handler) {
  for (;;) {
    const next = await request("GET", `${BASE}/next`);
    const id = next.headers["lambda-runtime-aws-request-id"];
    try {
      const answer = await handler(JSON.parse(next.body));
      await request("POST", `${BASE}/${id}/response`, JSON.stringify(answer));
    } catch (error) {
      const report = { errorType: error.name, errorMessage: error.message };
      await request("POST", `${BASE}/${id}/error`, JSON.stringify(report));
    }
  }
}

function request(method, path, body = "") {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request({ host, port, method, path, agent, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}
