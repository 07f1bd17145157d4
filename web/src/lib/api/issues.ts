import { api, body } from './client.ts';
import type { Issue, IssueEdit, NewIssue, Rows, TimelineEvent } from './types.ts';

const path = (ref: string | number) => ({ params: { path: { issue_ref: String(ref) } } });

/** One page of rows; `search` is the query string of the list page, taken as it stands. */
export function list(search: string, cursor?: string): Promise<Rows> {
	const wanted = [
		search.replace(/^\?/, ''),
		'limit=50',
		cursor ? `cursor=${cursor}` : 'count=true'
	];
	const address = `/api/v1/issues?${wanted.filter(Boolean).join('&')}`;
	return body(api.GET(address as '/api/v1/issues', {}));
}

/** A few issues for some words, for the palette. */
export const find = (q: string): Promise<Rows> =>
	body(api.GET('/api/v1/issues', { params: { query: { limit: 8, q: q || undefined } } }));

export const get = (ref: string | number): Promise<Issue> =>
	body(api.GET('/api/v1/issues/{issue_ref}', path(ref)));

/** Everything that happened to an issue, oldest first. */
export async function events(ref: string): Promise<TimelineEvent[]> {
	const all: TimelineEvent[] = [];
	for (let cursor: string | undefined, pages = 0; pages < 20; pages += 1) {
		const params = { path: { issue_ref: ref }, query: { limit: 100, cursor } };
		const page = await body(api.GET('/api/v1/issues/{issue_ref}/events', { params }));
		all.push(...(page.items as TimelineEvent[]));
		if (!page.next_cursor) break;
		cursor = page.next_cursor;
	}
	return all;
}

/** File an issue; the key makes a repeated press file it once. */
export const file = (wish: NewIssue, key: string): Promise<Issue> =>
	body(api.POST('/api/v1/issues', { body: wish, headers: { 'Idempotency-Key': key } }));

/** Count that an issue was seen again, in staged files that it takes; the key makes a repeated press count once. */
export const addOccurrence = (ref: string, ids: number[], key: string): Promise<Issue> =>
	body(
		api.POST('/api/v1/issues/{issue_ref}/occurrences', {
			...path(ref),
			body: { attachment_ids: ids },
			headers: { 'Idempotency-Key': key }
		})
	);

export const edit = (ref: string | number, version: number, wish: IssueEdit): Promise<Issue> =>
	body(api.PATCH('/api/v1/issues/{issue_ref}', { ...path(ref), body: { ...wish, version } }));

export const label = (ref: string | number, names: string[]): Promise<Issue> =>
	body(
		api.PUT('/api/v1/issues/{issue_ref}/labels', { ...path(ref), body: { label_names: names } })
	);

export const remove = (ref: string | number): Promise<unknown> =>
	body(api.DELETE('/api/v1/issues/{issue_ref}', path(ref)));
