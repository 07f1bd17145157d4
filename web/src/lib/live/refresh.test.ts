import { beforeEach, expect, test, vi } from 'vitest';

type Load = { name: string; end: () => void; fail: () => void };
const loads: Load[] = [];

vi.mock('$app/navigation', () => ({
	invalidate: (name: string) =>
		new Promise<void>((end, fail) => loads.push({ name, end, fail: () => fail(new Error(name)) }))
}));

const { refresh } = await import('./refresh.ts');
const settle = () => vi.advanceTimersByTimeAsync(0);
const names = () => loads.map(({ name }) => name);

beforeEach(async () => {
	vi.useFakeTimers();
	loads.splice(0).forEach(({ end }) => end());
	await settle();
});

test('what is asked for during a load follows it, in one', async () => {
	const first = vi.fn();
	const second = vi.fn();
	void refresh('a').then(first);
	await settle();
	void refresh('a', 'b');
	void refresh('b').then(second);
	await settle();
	expect(names()).toEqual(['a']);
	loads[0]!.end();
	await settle();
	expect(first).toHaveBeenCalled();
	expect(names()).toEqual(['a', 'a', 'b']);
	expect(second).not.toHaveBeenCalled();
	loads.slice(1).forEach(({ end }) => end());
	await settle();
	expect(second).toHaveBeenCalled();
});

test('a load that fails does not stop the next', async () => {
	void refresh('a');
	await settle();
	void refresh('b');
	loads[0]!.fail();
	await settle();
	expect(names()).toEqual(['a', 'b']);
});

test('a load that hangs keeps the next waiting for half a minute at most', async () => {
	void refresh('a');
	await settle();
	void refresh('b');
	await vi.advanceTimersByTimeAsync(29_000);
	expect(names()).toEqual(['a']);
	await vi.advanceTimersByTimeAsync(2_000);
	expect(names()).toEqual(['a', 'b']);
});
