import { expect, test } from 'vitest';
import { Cutter } from './stream.ts';

test('a message that arrives in pieces is told once and whole', () => {
	const cutter = new Cutter();
	expect(cutter.cut('id: a1\nevent: issue.mo')).toEqual([]);
	expect(cutter.cut('ved\ndata: {"issue":7}\n')).toEqual([]);
	expect(cutter.cut('\n')).toEqual([{ id: 'a1', event: 'issue.moved', data: '{"issue":7}' }]);
});

test('keep-alive comments are no messages', () => {
	expect(new Cutter().cut(': still here\n\nretry: 2000\n\n')).toEqual([]);
});

test('several messages in one piece keep their order', () => {
	const cut = new Cutter().cut('event: a\ndata: 1\n\nevent: b\ndata: 2\n\n');
	expect(cut.map((message) => message.event)).toEqual(['a', 'b']);
});
