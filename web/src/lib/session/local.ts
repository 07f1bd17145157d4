/** The path to return to after signing in, or `/` for anything that could lead to another site. */
export function localPath(next: string | null): string {
	if (!next?.startsWith('/') || /^\/[/\\]|[\p{Cc}\\]/u.test(next)) return '/';
	const url = new URL(next, 'https://here.invalid');
	const isHere = url.origin === 'https://here.invalid' && !url.pathname.startsWith('//');
	return isHere ? url.pathname + url.search + url.hash : '/';
}

/** The sign-in page that leads back to where the person wanted to go. */
export function signInFor(url: URL): string {
	const wanted = url.pathname + url.search;
	return wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`;
}
