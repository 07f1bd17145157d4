import { expect, test } from 'vitest';
import type { Similar } from '#lib/api/types.ts';
import { once } from './repeats.ts';

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
