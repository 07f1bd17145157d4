import { comments } from '#lib/api/comments.ts';
import { factsOfIssue, ofIssue } from '#lib/api/files.ts';
import { events, get } from '#lib/api/issues.ts';
import { lastAnswer } from '#lib/api/last.ts';
import { about } from '#lib/live/live.svelte.ts';

async function all(ref: string) {
	const [issue, timeline, said, files, facts] = await Promise.all([
		get(ref),
		events(ref),
		comments(ref),
		ofIssue(ref),
		factsOfIssue(ref)
	]);
	return { issue, timeline, comments: said, files: files.items, facts: facts.items };
}

const last = lastAnswer<Awaited<ReturnType<typeof all>>>();

export async function load({ params, parent, depends }) {
	await parent();
	const answer = await last(params.ref, () => all(params.ref));
	depends(about.issue(answer.issue.id));
	return answer;
}
