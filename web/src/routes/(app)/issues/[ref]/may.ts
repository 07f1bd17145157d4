import type { Issue } from '#lib/api/types.ts';

type Viewer = { user: { id: number } | null; isMaintainer: boolean };

/** What a person may change of an issue, or the sentence that says why not; the server decides in the end. */
export type May = { text: string; move: string; rank: string };

/** A reporter may edit own issues while they are open, and close or reopen them; the team may all. */
export function mayOf(issue: Issue, { user, isMaintainer }: Viewer): May {
	if (isMaintainer) return { text: '', move: '', rank: '' };
	const isOwn = user !== null && issue.reporter?.id === user.id;
	const team = 'Only the team can change this';
	const locked = 'The team works on it now; it can be edited while it is open';
	return {
		text: !isOwn ? team : issue.status === 'open' ? '' : locked,
		move: isOwn ? '' : team,
		rank: team
	};
}
