import { expect, test } from 'vitest';
import type { Similar } from '#lib/api/types.ts';
import { nameOf, once, reasonsOf } from './repeats.ts';

const like = (id: number, kind: Similar['reasons'][number]['kind']): Similar => ({
	issue: { id, key: `APP-${id}`, title: 'x', status: 'open', occurrences: 1 },
	reasons: [{ kind, detail: kind, score: 1 }]
});

test('an issue that several files remind of is shown once, with each reason once', () => {
	const found = [
		like(2, 'checksum'),
		like(1, 'fingerprint'),
		like(2, 'invoice'),
		like(2, 'checksum')
	];
	expect(
		once(found).map(({ issue, reasons }) => [issue.id, reasons.map(({ kind }) => kind)])
	).toEqual([
		[2, ['checksum', 'invoice']],
		[1, ['fingerprint']]
	]);
});

test('the same bytes are the same file, other bytes of the same invoice are billed twice', () => {
	const [both] = once([like(1, 'checksum'), like(1, 'invoice')]);
	expect(nameOf(both!)).toBe('The same file');
	expect(reasonsOf(both!).map(({ kind }) => kind)).toEqual(['checksum']);
	const [billed] = once([like(1, 'invoice')]);
	expect(nameOf(billed!)).toBe('Double-billed invoice');
	expect(reasonsOf(billed!)).toHaveLength(1);
});
