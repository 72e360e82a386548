// api/client.ts - the one place that speaks to the server: language, CSRF token, problems.
import i18next from 'i18next';
import type { Problem } from './types';

const base = '/api/v1/';
let csrf = '';

/** The token of the session, sent with everything that writes. */
export function setCsrf(token: string): void {
  csrf = token;
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function address(path: string, query: Query = {}): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') asked.set(name, String(value));
  }
  const text = asked.toString();
  return base + path + (text ? `?${text}` : '');
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const told = (await response.json()) as Partial<Problem>;
    return { type: 'about:blank', title: '', status: response.status, detail: '', ...told };
  } catch {
    return { type: 'about:blank', title: i18next.t('shell:error.http', { status: response.status }), status: response.status, detail: '' };
  }
}

interface Options {
  query?: Query | undefined;
  body?: unknown;
  file?: Blob;
  signal?: AbortSignal | undefined;
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': i18next.language.startsWith('en') ? 'en' : 'zh' };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.file) headers['Content-Type'] = 'application/octet-stream';
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal ?? null,
      body: options.file ?? (options.body === undefined ? null : JSON.stringify(options.body)),
    });
  } catch (reason) {
    if (options.signal?.aborted) throw reason;
    throw new ApiError({ type: 'about:blank', title: i18next.t('shell:error.offline'), status: 0, detail: i18next.t('shell:error.offlineDetail') });
  }
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && path !== 'session') window.dispatchEvent(new Event('session-ended'));
    throw new ApiError(problem);
  }
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
