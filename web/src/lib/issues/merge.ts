type Row = { id: number };

export type Merged<T> = { rows: T[]; unseen: number[]; missing: number[] };

/**
 * Bring rows on the screen up to date without moving any of them.
 *
 * Rows keep their place and take fresh values; fresh rows that are not on the screen are only counted (`unseen`);
 * rows that the fresh page does not hold are left as they are and named (`missing`).
 */
export function merge<T extends Row>(shown: readonly T[], fresh: readonly T[]): Merged<T> {
	const newest = new Map(fresh.map((row) => [row.id, row]));
	const known = new Set(shown.map((row) => row.id));
	return {
		rows: shown.map((row) => newest.get(row.id) ?? row),
		unseen: fresh.filter((row) => !known.has(row.id)).map((row) => row.id),
		missing: shown.filter((row) => !newest.has(row.id)).map((row) => row.id)
	};
}

/** Put a further page below, leaving out rows that have moved there since. */
export function append<T extends Row>(shown: readonly T[], page: readonly T[]): T[] {
	const known = new Set(shown.map((row) => row.id));
	return [...shown, ...page.filter((row) => !known.has(row.id))];
}
