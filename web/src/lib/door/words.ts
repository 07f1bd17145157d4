import type { Receipt } from '#lib/api/types.ts';

type State = Pick<Receipt, 'status' | 'resolution'>;

const ends: Record<NonNullable<Receipt['resolution']>, string> = {
	fixed: 'It is done: the cause is fixed.',
	answered: 'It is answered; what the team says stands below.',
	wont_fix: 'It is closed: the team decided not to change this.',
	duplicate: 'It is closed here: the same thing was reported before and is handled there.',
	invalid: 'It is closed: the team could not find anything to do about it.'
};

const stages: Record<Exclude<Receipt['status'], 'done'>, string> = {
	open: 'It has arrived. Nobody has looked at it yet.',
	triaged: 'The team has looked at it and will take it up.',
	in_progress: 'The team is working on it.'
};

/** How things stand, for somebody who knows none of the words of the team. */
export function told({ status, resolution }: State): string {
	return status === 'done' ? ends[resolution ?? 'fixed'] : stages[status];
}
