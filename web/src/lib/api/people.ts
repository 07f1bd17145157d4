import { api, body } from './client.ts';
import type { Label, Project, Role, SignIn, Summary, Token, User } from './types.ts';

const at = (id: number) => ({ params: { path: { id } } });
type Page<T> = { items: T[]; next_cursor: string | null };

/** One page of people, those with `q` in their name (for administrators also in their address). */
export const people = (q?: string, cursor?: string): Promise<Page<User>> =>
	body(api.GET('/api/v1/users', { params: { query: { limit: 100, q: q || undefined, cursor } } }));

export const person = (id: number): Promise<User> => body(api.GET('/api/v1/users/{id}', at(id)));

/** Everything there is, page after page. */
async function all<T>(ask: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
	const found: T[] = [];
	let cursor: string | undefined;
	do {
		const page = await ask(cursor);
		found.push(...page.items);
		cursor = page.next_cursor ?? undefined;
	} while (cursor);
	return found;
}

const from = (cursor?: string) => ({ params: { query: { limit: 100, cursor } } });

export const invite = (wish: {
	email: string;
	name: string;
	role: Role;
	password: string;
}): Promise<User> => body(api.POST('/api/v1/users', { body: wish }));

export const change = (
	id: number,
	wish: Partial<{ name: string; role: Role; is_active: boolean }>
): Promise<User> => body(api.PATCH('/api/v1/users/{id}', { ...at(id), body: wish }));

export const forget = (id: number): Promise<unknown> =>
	body(api.DELETE('/api/v1/users/{id}', at(id)));

export const changeMe = (wish: {
	name?: string;
	password?: string;
	current_password?: string;
}): Promise<User> => body(api.PATCH('/api/v1/me', { body: wish }));

export const sessions = async (): Promise<SignIn[]> =>
	(await body(api.GET('/api/v1/me/sessions', {}))).items;

export const endSession = (id: number): Promise<unknown> =>
	body(api.DELETE('/api/v1/me/sessions/{id}', at(id)));

export const tokens = async (): Promise<Token[]> =>
	(await body(api.GET('/api/v1/me/tokens', {}))).items;

/** Make a token; the answer is the only one that holds its secret. */
export const makeToken = (wish: {
	name: string;
	scopes: ('read' | 'write')[];
	expires_at: string | null;
}): Promise<Token & { token: string }> => body(api.POST('/api/v1/me/tokens', { body: wish }));

export const revokeToken = (id: number): Promise<unknown> =>
	body(api.DELETE('/api/v1/me/tokens/{id}', at(id)));

export const labels = (): Promise<Label[]> =>
	all((cursor) => body(api.GET('/api/v1/labels', from(cursor))));

export const projects = (): Promise<Project[]> =>
	all((cursor) => body(api.GET('/api/v1/projects', from(cursor))));

/** How many issues there are by status and severity, as far as the caller may see. */
export const summary = (): Promise<Summary> => body(api.GET('/api/v1/insights/summary', {}));
