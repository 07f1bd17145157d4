const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/**
 * Call when the end of a list comes near the screen, again and again while it stays there; made for `{@attach}`.
 *
 * When that fails, it is tried again a little later.
 */
export function near(reached: () => Promise<void>) {
	return (end: Element) => {
		const watch = new IntersectionObserver(async ([entry]) => {
			if (!entry?.isIntersecting) return;
			watch.unobserve(end);
			await reached().catch(() => pause(5_000));
			if (end.isConnected) watch.observe(end);
		}, options);
		watch.observe(end);
		return () => watch.disconnect();
	};
}

const options = { rootMargin: '600px' };
