import { expect, test } from 'vitest';
import { device } from './device.ts';

const chrome =
	'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

test.each([
	[chrome, 'Chrome on Linux'],
	[`${chrome} Edg/130.0`, 'Edge on Linux'],
	['curl/8.9.1', 'curl/8.9.1'],
	[null, 'Unknown program']
])('%s is %s', (agent, words) => {
	expect(device(agent)).toBe(words);
});
