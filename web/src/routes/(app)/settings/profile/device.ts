const browsers = [
	['Firefox', /Firefox\//],
	['Edge', /Edg\//],
	['Opera', /OPR\//],
	['Chrome', /Chrom(e|ium)\//],
	['Safari', /Safari\//]
] as const;
const systems = [
	['Android', /Android/],
	['iOS', /iPhone|iPad/],
	['Windows', /Windows/],
	['macOS', /Mac OS X/],
	['Linux', /Linux/]
] as const;

/** "Chrome on Linux" for a User-Agent, or its beginning when it names neither. */
export function device(agent: string | null): string {
	if (!agent) return 'Unknown program';
	const browser = browsers.find(([, sign]) => sign.test(agent))?.[0];
	const system = systems.find(([, sign]) => sign.test(agent))?.[0];
	return browser ? [browser, system].filter(Boolean).join(' on ') : agent.slice(0, 40);
}
