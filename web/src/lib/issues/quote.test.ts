import { expect, test } from 'vitest';
import { quoted } from './quote.ts';

test('every line is quoted, and the answer begins below', () => {
	expect(quoted('', 'One.\n\nTwo.\n')).toBe('> One.\n>\n> Two.\n\n');
});

test('what was typed stays above', () => {
	expect(quoted('Hello,\n', 'One.')).toBe('Hello,\n\n> One.\n\n');
});
