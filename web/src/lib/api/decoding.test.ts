import { expect, test } from 'vitest';
import { decoding } from './decoding.ts';

const decoded = (...pieces: number[][]) => {
	const decode = decoding();
	return pieces.map((piece) => decode(new Uint8Array(piece))).join('');
};
const utf8 = (text: string) => [...new TextEncoder().encode(text)];

test('text is UTF-8 wherever a piece ends, also with some wrong bytes in it', () => {
	const [first, ...rest] = utf8('ü');
	expect(decoded([...utf8('M'), first!], [...rest, ...utf8('ller')])).toBe('Müller');
	expect(decoded([...utf8('ä '), 0xfc])).toBe('ä \ufffd');
});

test('text in an old encoding is read as Windows-1252, also where its first piece does not tell', () => {
	expect(decoded([0x4d, 0xfc, 0x6c])).toBe('Mül');
	expect(decoded(utf8('plain '), [0x80, 0x20, 0xfc])).toBe('plain € ü');
});

test('text in UTF-16 says so in its first bytes', () => {
	expect(decoded([0xff, 0xfe, 0x41, 0], [0xe4, 0])).toBe('Aä');
	expect(decoded([0xfe, 0xff, 0, 0x41])).toBe('A');
});
