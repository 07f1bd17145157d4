import createClient, { type Middleware } from 'openapi-fetch';
import { takeAnswer } from './boot.ts';
import { problemOf, Unreachable } from './problem.ts';
import type { paths } from './schema.d.ts';

/** What the session tells the client, and what the client tells the session. */
export const gate = {
	csrf: '',
	renew: undefined as (() => Promise<void>) | undefined
};

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const isRead = (request: Request) => request.method === 'GET';
const isSignIn = (request: Request) => new URL(request.url).pathname === '/api/v1/auth/session';

const away = [502, 503, 504];
const patience = 60;

/** Reads wait for a server that is away; a write is told at once, since nobody knows whether it arrived. */
async function reach(request: Request, failures = 0): Promise<Response> {
	try {
		const response = await fetch(request.clone());
		if (!isRead(request) || !away.includes(response.status) || failures > 3) return response;
	} catch (thrown) {
		if (request.signal.aborted) throw thrown;
		if (!isRead(request) || failures === patience) throw new Unreachable();
	}
	await pause(Math.min(2_000, 300 * (failures + 1)));
	return reach(request, failures + 1);
}

/** Ask the server; reads survive a short outage, and an expired session is renewed before the request is repeated. */
async function ask(request: Request): Promise<Response> {
	const address = new URL(request.url);
	const first = isRead(request) ? takeAnswer(address.pathname + address.search) : undefined;
	if (first) return first;
	if (!isRead(request)) request.headers.set('X-CSRF-Token', gate.csrf);
	const response = await reach(request);
	if (response.status !== 401 || !gate.renew || isSignIn(request)) return response;
	await gate.renew();
	return ask(request);
}

const refuse: Middleware = {
	async onResponse({ response }) {
		if (!response.ok) throw await problemOf(response);
	}
};

export const api = createClient<paths>({ baseUrl: location.origin, fetch: ask });
api.use(refuse);

/** The body of an answer that was not refused. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
	return (await answer).data as T;
}
