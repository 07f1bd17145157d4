import type { Comment, TimelineEvent } from '#lib/api/types.ts';
import { say } from './words.ts';

export type Told = {
	verb: string;
	field?: 'status' | 'severity' | 'priority' | 'assignee' | 'labels' | 'title';
	from?: string | null;
	to?: string | null;
	/** Done by whoever came through the public door. */
	byOutsider?: boolean;
};

/** Who came through the public door, which asks for no name. */
export const outsiderName = 'Through the form';

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

/** What the files of an issue are called. */
export type FileNames = ReadonlyMap<number, string>;

const tellers: Record<string, (step: Step, names: FileNames) => Told> = {
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
	attachments: ({ from, to }, names) => ({
		verb: to ? `attached ${files(to, names)}` : `took off ${files(from, names)}`
	}),
	occurrences: ({ to }) => ({ verb: `saw this again, ${to} times now` })
};

/** "a.pdf, b.log" of files that are still there, and how many are not. */
function files(given: unknown, names: FileNames): string {
	const ids = [given].flat() as number[];
	const known = ids.flatMap((id) => names.get(id) ?? []);
	const gone = ids.length - known.length;
	const others = known.length ? `${gone} more` : gone === 1 ? 'a file' : `${gone} files`;
	return [...known, ...(gone ? [others] : [])].join(', ');
}

const wholes: Record<string, string> = {
	'issue.filed': 'filed this',
	'issue.submitted': 'sent this in',
	'issue.receipt_renewed': 'made a new link to the receipt',
	'issue.receipt_revoked': 'revoked the link to the receipt',
	'issue.trashed': 'put this into the trash',
	'issue.restored': 'brought this back'
};

/** What machines and people do on the way to something that is told as well; comments are told by themselves. */
const inBetween = /^(attachment\.|comment\.|issue\.commented$|fact\.(read|reread)$)/;

const isTold = (event: TimelineEvent) => event.kind in wholes;

/** What a person reads: files that came together are told together. */
export function readable(events: readonly TimelineEvent[]): TimelineEvent[] {
	const shown: TimelineEvent[] = [];
	for (const event of events.filter(({ kind }) => !inBetween.test(kind))) {
		const before = shown.at(-1);
		if (before && isSameHandful(before, event)) shown[shown.length - 1] = joined(before, event);
		else shown.push(event);
	}
	return shown;
}

const together = 60_000;

function isSameHandful(one: TimelineEvent, next: TimelineEvent): boolean {
	const isClose = Date.parse(next.at) - Date.parse(one.at) < together;
	const areAttached = [one, next].every(({ kind }) => kind === 'issue.attached');
	return isClose && areAttached && one.actor?.id === next.actor?.id;
}

function joined(one: TimelineEvent, next: TimelineEvent): TimelineEvent {
	const to = [one, next].flatMap(({ changes }) => changes.attachments?.to ?? []);
	return { ...one, changes: { ...one.changes, attachments: { from: null, to } } };
}

/** What one event says, one entry for each thing that changed. */
export function tell(event: TimelineEvent, names: FileNames): Told[] {
	if (isTold(event))
		return [
			{ verb: wholes[event.kind]!, byOutsider: event.kind === 'issue.submitted' || undefined }
		];
	const known = Object.entries(event.changes).filter(([field]) => field in tellers);
	// A file that nobody attached came through the public door.
	const byOutsider = event.kind === 'issue.attached' && event.actor === null ? true : undefined;
	if (known.length)
		return known.map(([field, step]) => ({ ...tellers[field]!(step, names), byOutsider }));
	return [{ verb: fact(event) ?? say(event.kind.split('.').at(-1)!).toLowerCase() }];
}

function fact({ kind, changes }: TimelineEvent): string | null {
	const [first] = Object.keys(changes);
	return kind === 'fact.corrected' && first ? `corrected ${first.replaceAll('_', ' ')}` : null;
}

export type Line =
	| { key: string; at: string; event: TimelineEvent; told: Told }
	| { key: string; at: string; comment: Comment };

/** What happened and what was said, in the order of time. */
export function woven(
	events: readonly TimelineEvent[],
	comments: readonly Comment[],
	names: FileNames
): Line[] {
	const happened = readable(events).flatMap((event, at) =>
		tell(event, names).map((told, part) => ({ key: `${at}.${part}`, at: event.at, event, told }))
	);
	const said = comments.map((comment) => ({
		key: `c${comment.id}`,
		at: comment.created_at,
		comment
	}));
	const lines: Line[] = [...happened, ...said];
	return lines.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
