import { expect, test } from 'vitest';
import { isPlain, pressed, step } from './chords.ts';

const none = { ctrlKey: false, metaKey: false, altKey: false };
const list = { id: 'list', keys: 'G I' };
const palette = { id: 'palette', keys: 'Mod+K' };
const help = { id: 'help', keys: '?' };

test('two keys one after the other make a chord', () => {
	const first = step([list, help], '', pressed({ ...none, key: 'g' }));
	expect(first).toEqual({ prefix: 'G' });
	expect(step([list, help], first.prefix, 'I').found).toBe(list);
});

test('a key that leads nowhere ends the chord', () => {
	expect(step([list], 'G', 'X')).toEqual({ prefix: '' });
});

test('control and command are the same', () => {
	for (const mod of [{ ctrlKey: true }, { metaKey: true }])
		expect(step([palette], '', pressed({ ...none, ...mod, key: 'k' })).found).toBe(palette);
});

test('an action that was added later wins, so that a page can take a key', () => {
	const page = { id: 'page', keys: '?' };
	expect(step([help, page], '', '?').found).toBe(page);
});

test('only plain keys are left to text fields', () => {
	expect(['C', '?', 'G I', 'Mod+K', 'Escape'].map(isPlain)).toEqual([
		true,
		true,
		true,
		false,
		false
	]);
});
