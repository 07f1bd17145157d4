import { expect, test } from 'vitest';
import { isFiltered, readView, toggle, writeView } from './view.ts';

const view = readView(new URLSearchParams('status=open&status=done&q=printer+%22on+fire%22'));

test('an address says the same after it was read and written', () => {
	expect(writeView(readView(new URLSearchParams(writeView(view))))).toBe(writeView(view));
	expect(view.q).toBe('printer "on fire"');
});

test('choosing a value twice changes nothing', () => {
	expect(toggle(toggle(view, 'severity', 'high'), 'severity', 'high')).toEqual(view);
});

test('an empty view is the plain address and hides nothing', () => {
	const plain = readView(new URLSearchParams());
	expect(writeView(plain)).toBe('');
	expect(isFiltered(plain)).toBe(false);
	expect(isFiltered({ ...plain, assignee: ['3'] })).toBe(true);
});
