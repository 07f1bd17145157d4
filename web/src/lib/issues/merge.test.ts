import { expect, test } from 'vitest';
import { append, merge } from './merge.ts';

const row = (id: number, title = `row ${id}`) => ({ id, title });

test('rows stay where they are although the fresh page has another order', () => {
	const merged = merge([row(1), row(2), row(3)], [row(3, 'changed'), row(1), row(2)]);
	expect(merged.rows).toEqual([row(1), row(2), row(3, 'changed')]);
	expect(merged.unseen).toEqual([]);
});

test('what is new is counted and not shown', () => {
	const merged = merge([row(1)], [row(9), row(8), row(1)]);
	expect(merged.rows).toEqual([row(1)]);
	expect(merged.unseen).toEqual([9, 8]);
});

test('a row the fresh page does not hold stays with its last value and is named', () => {
	const merged = merge([row(1), row(2)], [row(2)]);
	expect(merged.rows).toEqual([row(1), row(2)]);
	expect(merged.missing).toEqual([1]);
});

test('a row that slipped onto the next page is not shown twice', () => {
	expect(append([row(1), row(2)], [row(2), row(3)])).toEqual([row(1), row(2), row(3)]);
});
