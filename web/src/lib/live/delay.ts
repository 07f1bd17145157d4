/** How long to wait before the next try: doubling up to 20 s, spread so that a restarted server is not stormed. */
export function waiting(failures: number, chance: number): number {
	return Math.min(20_000, 500 * 2 ** failures) * (0.5 + chance);
}

/** Wait before the next try; coming back online or being looked at again ends the wait. */
export function delay(failures: number, signal: AbortSignal): Promise<void> {
	return new Promise((done) => {
		const ends = new AbortController();
		const end = () => {
			clearTimeout(timer);
			ends.abort();
			done();
		};
		const timer = setTimeout(end, waiting(failures, Math.random()));
		const once = { once: true, signal: ends.signal };
		addEventListener('online', end, once);
		document.addEventListener('visibilitychange', end, once);
		signal.addEventListener('abort', end, once);
	});
}
