import { expect, test } from 'vitest';
import { localPath, signInFor } from './local.ts';

test('a local path with its query is kept', () => {
	expect(localPath('/issues?status=open&q=a%20b')).toBe('/issues?status=open&q=a%20b');
});

test.each([
	'//evil.example',
	'/\\evil.example',
	'/\tevil',
	'/a/..//evil.example',
	'/%09/../\n/evil',
	'https:evil.example',
	'https://evil.example',
	'javascript:alert(1)',
	'issues',
	'',
	null
])('%j leads home', (next) => {
	expect(localPath(next)).toBe('/');
});

test('the way through sign-in and back keeps the query', () => {
	const there = signInFor(new URL('http://x/issues/APP-12?file=3&q=a b'));
	const next = new URL(there, 'http://x').searchParams.get('next');
	expect(localPath(next)).toBe('/issues/APP-12?file=3&q=a%20b');
});
