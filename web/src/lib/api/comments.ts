import { api, body } from './client.ts';
import type { Comment, Link } from './types.ts';

const path = (ref: string | number) => ({ params: { path: { issue_ref: String(ref) } } });

/** Everything that was said on an issue, oldest first. */
export async function comments(ref: string): Promise<Comment[]> {
	const all: Comment[] = [];
	for (let cursor: string | undefined, pages = 0; pages < 20; pages += 1) {
		const params = { path: { issue_ref: ref }, query: { limit: 100, cursor } };
		const page = await body(api.GET('/api/v1/issues/{issue_ref}/comments', { params }));
		all.push(...page.items);
		if (!page.next_cursor) break;
		cursor = page.next_cursor;
	}
	return all;
}

/** Comment on an issue; the key makes a repeated press comment once. */
export const post = (
	ref: string | number,
	wish: { body: string; internal: boolean },
	key: string
): Promise<Comment> =>
	body(
		api.POST('/api/v1/issues/{issue_ref}/comments', {
			...path(ref),
			body: wish,
			headers: { 'Idempotency-Key': key }
		})
	);

/** Make a new link to the receipt of an issue; the one before ends. */
export const renewReceipt = (ref: string | number): Promise<Link> =>
	body(api.POST('/api/v1/issues/{issue_ref}/receipt', path(ref)));

export const revokeReceipt = (ref: string | number): Promise<unknown> =>
	body(api.DELETE('/api/v1/issues/{issue_ref}/receipt', path(ref)));
