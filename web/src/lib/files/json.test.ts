import { expect, test } from 'vitest';
import { parsed, told } from './json.ts';

test.each(['12345678901234567890123', '1.10', '1e400', '-0.50', '7', '"a\\nb"', 'null', 'true'])(
	'%s is shown as it is written',
	(text) => expect(told(parsed(text)).text).toBe(text)
);

test('only numbers are numbers', () => {
	expect(told(parsed('1.10')).kind).toBe('number');
	expect(told(parsed('"1.10"')).kind).toBe('text');
	expect(() => parsed('{"a": 1.10')).toThrow();
});
