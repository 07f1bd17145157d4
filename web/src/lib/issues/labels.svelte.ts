import { labels as askLabels } from '#lib/api/people.ts';
import type { Label } from '#lib/api/types.ts';

/** The labels that exist, asked for once and again when someone wants to choose. */
class Labels {
	all = $state.raw<Label[]>([]);
	#asked = false;

	async load() {
		this.#asked = true;
		this.all = await askLabels();
	}

	has(name: string): boolean {
		return this.all.some((label) => label.name === name);
	}

	need() {
		if (!this.#asked) void this.load();
	}
}

export const labels = new Labels();

/** The colour of a label, grey until it is known. */
export function colourOf(name: string): string {
	labels.need();
	return labels.all.find((label) => label.name === name)?.colour ?? 'var(--color-faint)';
}
