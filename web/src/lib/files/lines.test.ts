import { expect, test } from 'vitest';
import { Cutter, hitsIn, linesOf, partsOf, rowsOf, stepsOf } from './lines.ts';
import { bytes, lookOf } from './words.ts';

const xml = [
	'<rsm:Invoice>',
	'  <ram:ID>471102</ram:ID>',
	'  <udt:DateTimeString format="102">20240301</udt:DateTimeString>',
	'  <ram:GrandTotalAmount>473.00</ram:GrandTotalAmount>',
	'</rsm:Invoice>'
];

test('a fact with lines is marked on them', () => {
	expect(linesOf({ locator: { line: 2, end_line: 4 }, value: 'x' }, xml)).toEqual({
		first: 2,
		last: 4
	});
});

test.each([
	['/rsm:Invoice/ram:ID', '471102', 2],
	['/rsm:Invoice/udt:DateTimeString[1]', '2024-03-01', 3],
	['/rsm:Invoice/ram:GrandTotalAmount', { amount: '473.00', currency: 'EUR' }, 4]
])('the element at %s is found by its value', (path, value, line) => {
	expect(linesOf({ locator: { path }, value }, xml)).toEqual({ first: line, last: line });
});

test('an element is found by the way to it, whatever its value became', () => {
	const lines = ['<a><b><c>1</c></b>', '<b', ' x="1"/><b><c>2</c>', '<d/><e>TD01</e></b></a>'];
	const lineOf = (path: string) => linesOf({ locator: { path }, value: 'invoice' }, lines)?.first;
	expect(lineOf('/p:a/b[3]/e')).toBe(4);
	expect(lineOf('/a/b[2]')).toBe(2);
	expect(lineOf('/a/b/c')).toBe(1);
	expect(lineOf('/a/c')).toBeUndefined();
});

test('a fact without a place marks nothing', () => {
	expect(linesOf({ locator: {}, value: 'x' }, xml)).toBeNull();
	expect(linesOf({ locator: { path: '/a/ram:Missing' }, value: 'x' }, xml)).toBeNull();
});

const cut = (...pieces: string[]) => {
	const cutter = new Cutter();
	return [...pieces.flatMap((piece) => cutter.take(piece)), ...cutter.end()];
};

test('lines are counted as the server counts them and wherever a piece ends', () => {
	expect(cut('a\r\nb\nc\n')).toEqual(['a', 'b', 'c']);
	expect(cut('a\r', '\nb', 'c\r')).toEqual(['a', 'bc']);
	expect(cut('10%\r100%\nb')).toEqual(['10% 100%', 'b']);
});

test('colours and links of a terminal are no text', () => {
	expect(cut('\x1b[1;31mERROR\x1b[0m x\n\x1b]8;;http://x\x07link\x1b]8;;\x07')).toEqual([
		'ERROR x',
		'link'
	]);
});

test('words are marked in their line, also far out in a long one', () => {
	const told = (line: string, words: string) =>
		partsOf(line, words, 10).map(({ text, isHit }) => (isHit ? `[${text}]` : text));
	expect(told('an Egg, an egg', '')).toEqual(['an Egg, an …']);
	expect(told('Egg, egg', ' egg')).toEqual(['', '[Egg]', ', ', '[egg]', '']);
	expect(told('no', 'egg')).toEqual(['no']);
	expect(told(`${'x'.repeat(90)}egg${'x'.repeat(90)}`, 'EGG')).toEqual([
		'… xxxxx',
		'[egg]',
		'xx …'
	]);
});

test('words are looked for in any case, and without words trouble is', () => {
	const log = ['all is well', '12:00 ERROR no room', 'Error of mine', 'ValueError: x', 'no errors'];
	expect(hitsIn(log, '')).toEqual([2, 3, 4]);
	expect(hitsIn(log, ' ERROR ')).toEqual([2, 3, 4, 5]);
});

test('a stack trace is one trouble, two of them are two', () => {
	const trace = ['Traceback (most recent call last):', '  File "a.py", line 1', 'ValueError: x'];
	const java = [
		'java.io.IOException: x',
		'\tat a.B.c(B.java:1)',
		'Caused by: java.net.Exception: y'
	];
	expect(hitsIn([...trace, ...trace], '')).toEqual([1, 4]);
	expect(hitsIn(java, '')).toEqual([1]);
	expect(
		hitsIn(['ERROR one', '  more', 'ERROR two', 'Error: x', '  at b', 'Error: y'], '')
	).toEqual([1, 3, 4, 6]);
	expect(hitsIn(trace, 'e')).toEqual([1, 2, 3]);
});

test('files are looked at by what is in them', () => {
	const look = (media_type: string, kind: 'table' | 'mail' | null = null) =>
		lookOf({ media_type, extraction: { status: 'done', kind, problems: [] } });
	expect(look('application/pdf')).toBe('pages');
	expect(look('image/png')).toBe('picture');
	for (const source of ['text/x-log', 'application/xml', 'image/svg+xml', 'text/html'])
		expect(look(source)).toBe('text');
	expect(look('application/json')).toBe('tree');
	expect(look('text/plain', 'table')).toBe('words');
	expect(look('message/rfc822', 'mail')).toBe('words');
	expect(look('application/octet-stream')).toBe('none');
	expect([bytes(999), bytes(9_432), bytes(95_223), bytes(1_200_000)]).toEqual([
		'999 B',
		'9.4 KB',
		'95 KB',
		'1.2 MB'
	]);
});

test('a place in a sheet is its rows', () => {
	expect(rowsOf({ path: 'Offers!A2:C10' })).toEqual({ first: 2, last: 10 });
	expect(rowsOf({ path: 'My, "odd"!sheet!AA7:AB7' })).toEqual({ first: 7, last: 7 });
	expect(rowsOf({ line: 3 })).toEqual({ first: 3, last: 3 });
	expect(rowsOf({ path: 'header:From', line: 2 })).toBeNull();
});

test('a place in JSON is the way to it', () => {
	expect(stepsOf('/log/entries/3/a~1b')).toEqual(['log', 'entries', '3', 'a/b']);
	expect(stepsOf('header:From')).toBeNull();
	expect(stepsOf(undefined)).toBeNull();
});
