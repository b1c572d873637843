// A static file server for the demo site, with a few API endpoints that are slow or fail on purpose.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SITE = join(ROOT, 'site');

// The recorder bundles are served from the installed packages; nothing third-party lives in the site folder.
const VENDOR = {
  '/vendor/record.js': '@rrweb/record/dist/record.js',
  '/vendor/console.js': '@rrweb/rrweb-plugin-console-record/dist/rrweb-plugin-console-record.js',
  '/vendor/network.js': '@rrweb/rrweb-plugin-network-record/dist/rrweb-plugin-network-record.js',
};

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function startServer(port) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    // ?delay=ms works on every path: slow API calls and slow page loads.
    await pause(Number(url.searchParams.get('delay') ?? 0));
    try {
      if (url.pathname.startsWith('/api/')) return api(url, response);
      const file = fileFor(url.pathname);
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)], 'cache-control': 'no-store' });
      response.end(body);
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return server;
}

/** `/api/status/404` answers 404, and so on. */
function api(url, response) {
  const status = Number(url.pathname.match(/^\/api\/status\/(\d{3})$/)?.[1] ?? 404);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status }));
}

function fileFor(path) {
  if (path in VENDOR) return join(ROOT, 'node_modules', VENDOR[path]);
  if (path.startsWith('/spa/')) return join(SITE, 'spa.html'); // every route of the single-page app
  return join(SITE, normalize(path));
}
