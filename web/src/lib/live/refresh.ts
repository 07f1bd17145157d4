import { invalidate } from '$app/navigation';

/** A load that hangs longer than this (in ms) no longer keeps the next one waiting. */
const patience = 30_000;

const stale = new Set<string>();
let running: Promise<void> = Promise.resolve();
let next: Promise<void> | undefined;

/**
 * Load again what carries these names; ends when what was loaded stands on the page.
 *
 * One runs at a time, and what is asked for meanwhile follows it in one: the framework drops the
 * answer of a load that another overtakes, so that a page nobody leaves in peace would never change.
 */
export function refresh(...names: string[]): Promise<void> {
	names.forEach((name) => stale.add(name));
	next ??= running.then(() => {
		next = undefined;
		const done = load([...stale]);
		stale.clear();
		running = Promise.race([done, new Promise<void>((end) => setTimeout(end, patience))]);
		return done;
	});
	return next;
}

async function load(names: string[]) {
	await Promise.allSettled(names.map((name) => invalidate(name)));
}
