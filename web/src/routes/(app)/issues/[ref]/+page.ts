import { error } from '@sveltejs/kit';
import { comments } from '#lib/api/comments.ts';
import { factsOfIssue, ofIssue } from '#lib/api/files.ts';
import { events, get } from '#lib/api/issues.ts';
import { Problem } from '#lib/api/problem.ts';
import { about } from '#lib/live/live.svelte.ts';

export async function load({ params, parent, depends }) {
	await parent();
	const { ref } = params;
	try {
		const [issue, timeline, said, files, facts] = await Promise.all([
			get(ref),
			events(ref),
			comments(ref),
			ofIssue(ref),
			factsOfIssue(ref)
		]);
		depends(about.issue(issue.id));
		return { issue, timeline, comments: said, files: files.items, facts: facts.items };
	} catch (thrown) {
		if (thrown instanceof Problem && thrown.status === 404) error(404, 'Not found');
		throw thrown;
	}
}
