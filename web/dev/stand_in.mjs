// dev/stand_in.mjs [PORT] [APP] - NOT PART OF THE PRODUCT. Answers in the shape of src/api/openapi.yaml with made-up
// data, so that pages can be worked on and looked at without a workspace. `fenqun serve` never serves this.
// POST /stand-in {"state": "setup" | "out" | "in", "rights": [...] | null, "fail": "path" | null} sets the scene for tests.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { answers, everyRight } from './made_up.mjs';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const policy = (nonce) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`;

export function serve(app, port = 0) {
  const scene = { state: 'in', rights: null, fail: null, empty: false };

  const problem = (response, status, title, detail) => {
    response.writeHead(status, { 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify({ type: 'about:blank', title, status, detail, code: 'made_up', trace_id: '4f2a90c1' }));
  };

  const page = (url, response) => {
    const name = url.pathname === '/' ? 'index.html' : url.pathname.slice(1);
    const file = path.join(app, name);
    if (!file.startsWith(app) || !fs.existsSync(file)) return problem(response, 404, 'not found', name);
    const nonce = randomBytes(16).toString('base64');
    const body = fs.readFileSync(file);
    response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy(nonce), 'X-Content-Type-Options': 'nosniff' });
    return response.end(name === 'index.html' ? body.toString().replaceAll('__CSP_NONCE__', nonce) : body);
  };

  const api = (request, url, response, body) => {
    const name = url.pathname.slice('/api/v1/'.length);
    const english = (request.headers['accept-language'] ?? 'zh').startsWith('en');
    if (scene.fail && name.startsWith(scene.fail)) return problem(response, 503, english ? 'The workspace is busy' : '工作区正忙', english ? 'Another job is writing. Try again in a minute.' : '另一项任务正在写入，请稍后再试。');
    if (name === 'session' && request.method === 'POST') {
      if (!/^.{3,}$/.test(JSON.parse(body).password)) return problem(response, 403, english ? 'Refused' : '被拒绝', english ? 'User name or password is wrong.' : '用户名或密码不正确。');
      scene.state = 'in';
    }
    if (name === 'setup' && request.method === 'POST') scene.state = 'in';
    if (name === 'session' && request.method === 'DELETE') {
      scene.state = 'out';
      response.writeHead(204);
      return response.end();
    }
    if (name === 'setup') return json(response, request.method === 'POST' ? answers.session(scene) : { needed: scene.state === 'setup' });
    if (scene.state !== 'in') return problem(response, 401, english ? 'Not logged in' : '未登录', '');
    if (/^jobs\/[^/]+\/events$/.test(name)) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      return response.write(`event: job\ndata: ${JSON.stringify(answers.runningJob)}\n\n`);
    }
    const answer = answers.of(request.method, name, url.searchParams, body, scene, english);
    return answer === undefined ? problem(response, 404, 'not found', name) : json(response, answer);
  };

  const json = (response, answer) => {
    if (typeof answer === 'string') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      return response.end(answer);
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    return response.end(JSON.stringify(answer));
  };

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      if (url.pathname === '/stand-in') {
        Object.assign(scene, JSON.parse(body));
        return json(response, scene);
      }
      return url.pathname.startsWith('/api/v1/') ? api(request, url, response, body) : page(url, response);
    });
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({ server, port: server.address().port, scene, everyRight })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const app = path.resolve(process.argv[3] ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '../../build/web/app'));
  const { port } = await serve(app, Number(process.argv[2] ?? 8600));
  process.stdout.write(`stand-in (made-up data): http://127.0.0.1:${port}\n`);
}
