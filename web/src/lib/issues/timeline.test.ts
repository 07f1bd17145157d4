import { expect, test } from 'vitest';
import type { Comment, TimelineEvent } from '#lib/api/types.ts';
import { readable, tell, woven } from './timeline.ts';

function event(kind: string, changes: TimelineEvent['changes']): TimelineEvent {
	return { position: 1, kind, at: '2026-01-01T00:00:00Z', actor: null, changes };
}

const names = new Map([
	[1, 'a.pdf'],
	[2, 'b.log']
]);

test('filing is one line although it sets many fields', () => {
	const changes = { title: { from: null, to: 'x' }, status: { from: null, to: 'open' } };
	expect(tell(event('issue.filed', changes), names)).toEqual([{ verb: 'filed this' }]);
});

test('closing tells the status and leaves the resolution to it', () => {
	const changes = {
		status: { from: 'triaged', to: 'done' },
		resolution: { from: null, to: 'fixed' }
	};
	expect(tell(event('issue.status_changed', changes), names)).toEqual([
		{ verb: 'moved this', field: 'status', from: 'triaged', to: 'done' }
	]);
});

test('people are called by their names', () => {
	const changes = { assignee: { from: null, to: { id: 3, name: 'Ada' } } };
	expect(tell(event('issue.assigned', changes), names)[0]).toMatchObject({
		verb: 'assigned this',
		to: 'Ada'
	});
});

test('labels are told as what came and went', () => {
	const changes = { labels: { from: ['ui', 'bug'], to: ['bug', 'urgent'] } };
	expect(tell(event('issue.relabelled', changes), names)[0]!.verb).toBe(
		'added urgent and removed ui'
	);
});

test('a kind nobody has heard of is still told', () => {
	expect(tell(event('issue.blessed_twice', {}), names)).toEqual([{ verb: 'blessed twice' }]);
});

test('files that came together are told together, and machines are not heard', () => {
	const attached = (id: number) => event('issue.attached', { attachments: { from: null, to: id } });
	const events = [
		event('issue.filed', {}),
		event('attachment.claimed', {}),
		attached(1),
		event('attachment.claimed', {}),
		attached(2),
		event('attachment.extracted', { extraction: { from: null, to: 'done' } }),
		event('issue.status_changed', { status: { from: 'open', to: 'triaged' } }),
		attached(3)
	];
	expect(readable(events).flatMap((one) => tell(one, names).map(({ verb }) => verb))).toEqual([
		'filed this',
		'attached a.pdf, b.log',
		'moved this',
		'attached a file'
	]);
});

test('what was said stands where it was said, and its event is not told again', () => {
	const at = (minute: number) => `2026-01-01T00:0${minute}:00Z`;
	const filed = { ...event('issue.filed', {}), at: at(0) };
	const posted = { ...event('comment.posted', {}), at: at(1) };
	const counted = { ...event('issue.commented', {}), at: at(1) };
	const moved = { ...event('issue.trashed', {}), at: at(2) };
	const comment = { id: 7, created_at: at(1), body: 'x' } as Comment;
	const lines = woven([filed, posted, counted, moved], [comment], names);
	expect(lines.map((line) => ('comment' in line ? line.comment.id : line.event.kind))).toEqual([
		'issue.filed',
		7,
		'issue.trashed'
	]);
});
