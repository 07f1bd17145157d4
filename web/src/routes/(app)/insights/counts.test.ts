import { expect, test } from 'vitest';
import type { Summary } from '#lib/api/types.ts';
import { active, bySeverity, byStatus, crossed } from './counts.ts';

const cell = (status: string, severity: string, count: number) => ({
	status,
	severity,
	count,
	q: ''
});
const summary: Summary = {
	total: 10,
	by: {},
	status_by_severity: [
		cell('open', 'high', 3),
		cell('triaged', 'high', 1),
		cell('done', 'high', 4),
		cell('in_progress', 'low', 2)
	],
	definition: '',
	position: 1
};

test('what is done does not count as work', () => {
	expect(bySeverity(summary).map(({ value, count }) => [value, count])).toEqual([
		['critical', 0],
		['high', 4],
		['medium', 0],
		['low', 2]
	]);
	expect(active(summary).count).toBe(6);
});

test('the statuses add up to the total', () => {
	const counts = byStatus(summary).map((bar) => bar.count);
	expect(counts).toEqual([3, 1, 2, 4]);
	expect(counts.reduce((a, b) => a + b)).toBe(summary.total);
});

test('every number leads to the issues it counts', () => {
	expect(bySeverity(summary)[1]!.href).toBe(
		'/issues?status=open&status=triaged&status=in_progress&severity=high'
	);
	expect(crossed(summary)[1]!.cells[3]).toEqual({
		count: 4,
		href: '/issues?status=done&severity=high'
	});
});
