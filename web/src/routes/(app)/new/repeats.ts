import type { Similar } from '#lib/api/types.ts';

/** Each issue once, with each reason of all files once. */
export function once(found: Similar[]): Similar[] {
	const known = new Map<number, Similar>();
	for (const { issue, reasons } of found) {
		const before = known.get(issue.id)?.reasons ?? [];
		const told = before.map(({ detail }) => detail);
		const added = reasons.filter(({ detail }) => !told.includes(detail));
		const all = [...before, ...added].sort((one, other) => other.score - one.score);
		known.set(issue.id, { issue, reasons: all });
	}
	return [...known.values()];
}

type Kind = Similar['reasons'][number]['kind'];

const names: Record<Kind, string> = {
	checksum: 'The same file',
	fingerprint: 'The same crash',
	invoice: 'Double-billed invoice'
};

/** What a repeat is, by its best reason. */
export const nameOf = ({ reasons }: Similar): string => names[reasons[0]!.kind];

/** The reasons that say something: the same bytes hold the same invoice, which is then not billed twice. */
export function reasonsOf({ reasons }: Similar): Similar['reasons'] {
	const isSameFile = reasons.some(({ kind }) => kind === 'checksum');
	return reasons.filter(({ kind }) => !(isSameFile && kind === 'invoice'));
}
