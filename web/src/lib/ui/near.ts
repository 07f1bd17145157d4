/**
 * Call when the end of a list comes near the screen, again and again while it stays there; made for `{@attach}`.
 */
export function near(reached: () => Promise<void>) {
	return (end: Element) => {
		const watch = new IntersectionObserver(async ([entry]) => {
			if (!entry?.isIntersecting) return;
			watch.unobserve(end);
			await reached();
			if (end.isConnected) watch.observe(end);
		}, options);
		watch.observe(end);
		return () => watch.disconnect();
	};
}

const options = { rootMargin: '600px' };
