import { expect, test } from 'vitest';
import { lastAnswer } from './last.ts';
import { Problem } from './problem.ts';

const fails = (status: number) => () => Promise.reject(new Problem(status, {}));
const says = (text: string) => () => Promise.resolve({ text });

test('a refresh that fails leaves what stood there, and says when it is gone', async () => {
	const ask = lastAnswer<{ text: string }>();
	await ask('A-1', says('first'));
	expect(await ask('A-1', fails(500))).toMatchObject({ text: 'first', isGone: false });
	expect(await ask('A-1', fails(404))).toMatchObject({ text: 'first', isGone: true });
	expect(await ask('A-1', says('second'))).toMatchObject({ text: 'second', isGone: false });
});

test('what is opened and fails is a failure, also after the page was left', async () => {
	const ask = lastAnswer<{ text: string }>();
	const { forget } = await ask('A-1', says('first'));
	await expect(ask('A-2', fails(500))).rejects.toThrow(Problem);
	await expect(ask('A-2', fails(404))).rejects.toMatchObject({ status: 404, body: {} });
	forget();
	await expect(ask('A-1', fails(500))).rejects.toThrow(Problem);
});

test('leaving one page for the next does not forget the next', async () => {
	const ask = lastAnswer<{ text: string }>();
	const { forget } = await ask('A-1', says('first'));
	await ask('A-2', says('second'));
	forget();
	expect(await ask('A-2', fails(500))).toMatchObject({ text: 'second' });
});
