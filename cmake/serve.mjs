// Serves one folder on this machine only: node serve.mjs FOLDER PORT. No dependencies. Compressed answers are kept
// in memory; nothing is cached by the browser without asking, so a rebuilt page shows on reload.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import zlib from 'node:zlib';

const folder = path.resolve(process.argv[2] ?? 'build/site');
const port = Number(process.argv[3] ?? 8080);
const types = {
    '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
    '.mjs': 'text/javascript; charset=utf-8', '.json': 'application/json; charset=utf-8', '.wasm': 'application/wasm',
    '.ttf': 'font/ttf', '.woff2': 'font/woff2', '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon',
    '.txt': 'text/plain; charset=utf-8', '.webmanifest': 'application/manifest+json', '.webp': 'image/webp',
};
const squeezable = /\.(html|css|m?js|json|wasm|ttf|svg|txt|webmanifest)$/;
const squeezed = new Map(); // file -> {stamp, body}

function gzip_of(file, stamp) {
    const known = squeezed.get(file);
    if (known && known.stamp === stamp) return known.body;
    const body = zlib.gzipSync(fs.readFileSync(file), { level: 9 });
    squeezed.set(file, { stamp, body });
    return body;
}

function answer(request, response) {
    const refuse = (status, text) => {
        response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
        response.end(text + '\n');
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD.');
    let name;
    try {
        name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    } catch {
        return refuse(400, 'That address cannot be read.');
    }
    if (name.endsWith('/')) name += 'index.html';
    const file = path.join(folder, path.normalize(name));
    if (!file.startsWith(folder + path.sep)) return refuse(403, 'Outside the site.');
    const status = fs.statSync(file, { throwIfNoEntry: false });
    if (!status || !status.isFile()) return refuse(404, `There is no ${name} here.`);
    const stamp = `"${status.size.toString(16)}-${Math.round(status.mtimeMs).toString(16)}"`;
    const headers = {
        'Content-Type': types[path.extname(file)] ?? 'application/octet-stream',
        'Cache-Control': 'no-cache', ETag: stamp, Vary: 'Accept-Encoding', 'X-Content-Type-Options': 'nosniff',
        'Access-Control-Allow-Origin': '*', // a sandboxed frame has an origin of its own; nothing here is secret
    };
    if (request.headers['if-none-match'] === stamp) {
        response.writeHead(304, headers);
        return response.end();
    }
    let body;
    if (squeezable.test(file) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
        body = gzip_of(file, stamp);
        headers['Content-Encoding'] = 'gzip';
    } else {
        body = fs.readFileSync(file);
    }
    headers['Content-Length'] = body.length;
    response.writeHead(200, headers);
    response.end(request.method === 'HEAD' ? undefined : body);
}

const server = http.createServer((request, response) => {
    try {
        answer(request, response);
    } catch (error) {
        response.destroy(error);
    }
});
server.on('error', (error) => {
    // Where nobody says what localhost is (no /etc/hosts), browsers know all the same.
    if (error.syscall === 'getaddrinfo') return server.listen(port, '127.0.0.1');
    if (error.code === 'EADDRINUSE') console.error(`Port ${port} is busy. Choose another one: ./play --port ${port + 1}`);
    else if (error.code === 'EACCES') console.error(`Port ${port} may not be used by this account. Try ./play --port 8080`);
    else console.error(`The server stopped: ${error.message}`);
    process.exit(1);
});
server.once('listening', () => {
    console.log(`\nScaleground is at http://localhost:${server.address().port}/  (Ctrl-C stops it)`);
});
server.listen(port, 'localhost');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
