import { expect, test } from 'vitest';
import { waiting } from './delay.ts';

test('waits grow with every failure up to a limit', () => {
	const waits = [0, 1, 2, 3, 10].map((failures) => waiting(failures, 0.5));
	expect(waits).toEqual([500, 1000, 2000, 4000, 20_000]);
});

test('two browsers do not come back at the same moment', () => {
	expect(waiting(3, 0.1)).not.toBe(waiting(3, 0.9));
});
