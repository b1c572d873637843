// A static file server for the demo site, with a few API endpoints that are slow or fail on purpose.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tone } from './tone.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SITE = join(ROOT, 'site');

// The recorder bundles are served from the installed packages; nothing third-party lives in the site folder.
const VENDOR = {
  '/vendor/record.js': '@rrweb/record/dist/record.js',
  '/vendor/console.js': '@rrweb/rrweb-plugin-console-record/dist/rrweb-plugin-console-record.js',
  '/vendor/network.js': '@rrweb/rrweb-plugin-network-record/dist/rrweb-plugin-network-record.js',
};

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.txt': 'text/plain' };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Pages are looked for in `folder` first, then among those of the demo site. */
export async function startServer(port, folder = SITE) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    // ?delay=ms works on every path: slow API calls and slow page loads.
    await pause(Number(url.searchParams.get('delay') ?? 0));
    try {
      if (url.pathname.startsWith('/api/')) return await api(url, response);
      if (url.pathname.startsWith('/media/')) return response.writeHead(200, { 'content-type': 'audio/wav' }).end(tone(1.5));
      const { body, type } = await file(url.pathname, folder);
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return server;
}

/** `/api/status/404` answers 404, and so on. `/api/stream` answers word by word. */
async function api(url, response) {
  if (url.pathname === '/api/stream') return stream(url, response);
  const status = Number(url.pathname.match(/^\/api\/status\/(\d{3})$/)?.[1] ?? 404);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 204 ? undefined : JSON.stringify({ status }));
}

async function stream(url, response) {
  const words = Number(url.searchParams.get('words') ?? 20);
  response.writeHead(200, { 'content-type': 'text/plain' });
  for (let i = 1; i <= words; i += 1) {
    response.write(`word${i} `);
    await pause(Number(url.searchParams.get('gap') ?? 250));
  }
  response.end();
}

async function file(path, folder) {
  if (path in VENDOR) return { body: await readFile(join(ROOT, 'node_modules', VENDOR[path])), type: TYPES['.js'] };
  const name = path.startsWith('/spa/') ? 'spa.html' : normalize(path); // every route of the single-page app
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  const body = await readFile(join(folder, name)).catch(() => readFile(join(SITE, name)));
  return { body, type };
}
