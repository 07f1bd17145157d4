import { expect, test } from 'vitest';
import { resolutions, statuses } from '#lib/issues/words.ts';
import { told } from './words.ts';

test('every state has a sentence of its own', () => {
	const states = [
		...statuses.map((status) => told({ status, resolution: null })),
		...resolutions.map((resolution) => told({ status: 'done', resolution }))
	];
	expect(new Set(states).size).toBe(statuses.length + resolutions.length - 1);
	expect(told({ status: 'done', resolution: 'answered' })).toContain('answered');
});
