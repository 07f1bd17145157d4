import { expect, test } from 'vitest';
import {
	digits,
	fromText,
	group,
	inOrder,
	label,
	place,
	plainAmount,
	sameValue,
	show
} from './words.ts';

test('names become words', () => {
	expect([group('invoice.due_date'), label('invoice.due_date')]).toEqual(['Invoice', 'Due']);
	expect(label('crash.top_frame')).toBe('Top frame');
	expect(label('answer')).toBe('Answer');
});

test('money keeps every digit the file had', () => {
	expect(show({ amount: '1234567.80', currency: 'EUR' }, 'money')).toBe('1,234,567.80 EUR');
	expect(show({ amount: '-0.005', currency: null }, 'money')).toBe('-0.005');
	expect(digits('12345678901234567890.10')).toBe('12,345,678,901,234,567,890.10');
});

test('a day is the same day in every time zone', () => {
	expect(show('2024-03-01', 'date')).toBe('Mar 1, 2024');
});

test.each([
	['473,00', '473.00'],
	['1.234,50', '1234.50'],
	['1,234.5', '1234.5'],
	['1,234', '1234'],
	['12', '12']
])('%s is read as %s', (typed, amount) => {
	expect(plainAmount(typed)).toBe(amount);
});

test('a typed amount keeps the currency unless another is typed', () => {
	const fact = { type: 'money' as const, value: { amount: '1', currency: 'EUR' } };
	expect(fromText('12,50', fact)).toEqual({ amount: '12.50', currency: 'EUR' });
	expect(fromText('12.50 usd', fact)).toEqual({ amount: '12.50', currency: 'USD' });
});

test('places are short', () => {
	expect(place({ page: 2, box: [0, 0, 1, 1] })).toBe('p. 2');
	expect(place({ line: 3, end_line: 9 })).toBe('lines 3–9');
	expect(place({})).toBe('');
	expect(place({ path: '/rsm:Invoice/ram:ID' }, 'application/pdf')).toBe('XML');
	expect(place({ path: '/log/entries/3' }, 'application/json')).toBe('JSON');
	expect(place({ path: 'header:Subject' })).toBe('Subject header');
	expect(place({ path: 'part:2' })).toBe('part 2');
	expect(place({ path: 'exif:DateTimeOriginal' })).toBe('EXIF');
	expect(place({ path: 'Sheet 1!B2:C9' })).toBe('B2:C9');
	expect(place({ path: 'width' }, 'image/png')).toBe('');
});

test('what people look for first comes first and the document last', () => {
	const names = ['document.pages', 'invoice.total', 'zeta.a', 'invoice.number', 'alpha.b'];
	expect(inOrder(names.map((name) => ({ name }))).map((fact) => fact.name)).toEqual([
		'invoice.number',
		'invoice.total',
		'alpha.b',
		'zeta.a',
		'document.pages'
	]);
});

test('a duration is told in words', () => {
	expect(show('PT1M3.5S', 'duration')).toBe('1 min 3.5 s');
});

test('issues with the same value are asked for in the words of the filter', () => {
	const total = { amount: '12.50', currency: 'EUR' };
	expect(sameValue({ name: 'invoice.total', value: total })).toBe('invoice.total:12.50 EUR');
	expect(sameValue({ name: 'crash.type', value: '<anonymous>' })).toBe('crash.type:"<anonymous>"');
	expect(sameValue({ name: 'crash.message', value: 'x'.repeat(500) })).toHaveLength(195);
});
