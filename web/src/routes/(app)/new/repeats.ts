import type { Similar } from '#lib/api/types.ts';

/** Each issue once, with each reason of all files once. */
export function once(found: Similar[]): Similar[] {
	const known = new Map<number, Similar>();
	for (const { issue, reasons } of found) {
		const before = known.get(issue.id)?.reasons ?? [];
		const told = before.map(({ detail }) => detail);
		const added = reasons.filter(({ detail }) => !told.includes(detail));
		known.set(issue.id, { issue, reasons: [...before, ...added] });
	}
	return [...known.values()];
}
