import { expect, test } from 'vitest';
import type { Issue } from '#lib/api/types.ts';
import { mayOf } from './may.ts';

const issue = (status: string, reporter: number) =>
	({ status, reporter: { id: reporter, name: 'R' } }) as Issue;
const reporter = { user: { id: 1 }, isMaintainer: false };

test('the team may change everything', () => {
	const may = mayOf(issue('done', 9), { user: { id: 2 }, isMaintainer: true });
	expect(Object.values(may)).toEqual(['', '', '']);
});

test('a reporter edits own text while the issue is open', () => {
	expect(mayOf(issue('open', 1), reporter).text).toBe('');
	expect(mayOf(issue('triaged', 1), reporter).text).toContain('while it is open');
	expect(mayOf(issue('open', 2), reporter).text).toContain('Only the team');
});

test('a reporter closes and reopens own issues and ranks none', () => {
	expect(mayOf(issue('triaged', 1), reporter).move).toBe('');
	expect(mayOf(issue('triaged', 2), reporter).move).not.toBe('');
	expect(mayOf(issue('open', 1), reporter).rank).not.toBe('');
});
