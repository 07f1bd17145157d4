import type { TimelineEvent } from '#lib/api/types.ts';
import { say } from './words.ts';

export type Told = {
	verb: string;
	field?: 'status' | 'severity' | 'priority' | 'assignee' | 'labels' | 'title';
	from?: string | null;
	to?: string | null;
};

type Step = { from: unknown; to: unknown };

const name = (value: unknown): string | null => {
	if (value === null || value === undefined) return null;
	return typeof value === 'object' ? String((value as { name?: string }).name) : String(value);
};

const word =
	(verb: string, field: Told['field']) =>
	(step: Step): Told => ({
		verb,
		field,
		from: name(step.from),
		to: name(step.to)
	});

function labelled({ from, to }: Step): Told {
	const before = (from as string[] | null) ?? [];
	const after = (to as string[] | null) ?? [];
	const added = after.filter((one) => !before.includes(one));
	const removed = before.filter((one) => !after.includes(one));
	const parts = [
		added.length && `added ${added.join(', ')}`,
		removed.length && `removed ${removed.join(', ')}`
	];
	return { verb: parts.filter(Boolean).join(' and ') || 'looked over the labels', field: 'labels' };
}

const tellers: Record<string, (step: Step) => Told> = {
	status: word('moved this', 'status'),
	severity: word('changed the severity', 'severity'),
	priority: word('changed the priority', 'priority'),
	assignee: (step) => ({
		...word(step.to ? 'assigned this' : 'took the assignee off', 'assignee')(step),
		from: null
	}),
	title: word('renamed this', 'title'),
	labels: labelled,
	description: () => ({ verb: 'edited the description' }),
	project: ({ from, to }) => ({ verb: `moved this from ${name(from)} to ${name(to)}` }),
	due_on: ({ to }) => ({ verb: to ? `set the due day to ${name(to)}` : 'took the due day off' }),
	attachments: ({ to }) => ({ verb: to ? 'attached a file' : 'took a file off' })
};

const wholes: Record<string, string> = {
	'issue.filed': 'filed this',
	'issue.trashed': 'put this into the trash',
	'issue.restored': 'brought this back'
};

const isTold = (event: TimelineEvent) => event.kind in wholes;

/** What one event says, one entry for each thing that changed. */
export function tell(event: TimelineEvent): Told[] {
	if (isTold(event)) return [{ verb: wholes[event.kind]! }];
	const known = Object.entries(event.changes).filter(([field]) => field in tellers);
	if (known.length) return known.map(([field, step]) => tellers[field]!(step));
	return [{ verb: fact(event) ?? say(event.kind.split('.').at(-1)!).toLowerCase() }];
}

function fact({ kind, changes }: TimelineEvent): string | null {
	const [first] = Object.keys(changes);
	return kind === 'fact.corrected' && first ? `corrected ${first.replaceAll('_', ' ')}` : null;
}
