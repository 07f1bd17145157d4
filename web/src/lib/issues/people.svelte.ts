import { people as askPeople, person as askPerson } from '#lib/api/people.ts';
import type { User } from '#lib/api/types.ts';
import type { Choice } from '#lib/ui/Picker.svelte';

/** The people an issue can be given to: the first of them, and whoever was looked for since. */
class People {
	all = $state.raw<User[]>([]);
	#asked = new Set<string>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	need() {
		this.#learn('', async () => (await askPeople()).items);
	}

	/** Ask the server for those by that name, once nothing more is typed. */
	look(text: string) {
		clearTimeout(this.#timer);
		const q = text.trim().toLowerCase();
		this.#timer = setTimeout(() => this.#learn(q, async () => (await askPeople(q)).items), 150);
	}

	/** The name of somebody who may not be among the first; the id until it is known. */
	name(id: string): string {
		const known = this.all.find((user) => String(user.id) === id);
		if (!known) this.#learn(`#${id}`, async () => [await askPerson(Number(id))]);
		return known?.name ?? id;
	}

	#learn(what: string, ask: () => Promise<User[]>) {
		if (this.#asked.has(what)) return;
		this.#asked.add(what);
		void ask().then(
			(found) => this.#keep(found),
			() => this.#asked.delete(what)
		);
	}

	#keep(found: User[]) {
		const known = new Set(this.all.map((user) => user.id));
		this.all = [...this.all, ...found.filter((user) => !known.has(user.id))];
	}

	get choices(): Choice[] {
		return this.all
			.filter((user) => user.is_active !== false)
			.map((user) => ({ value: String(user.id), label: user.name }));
	}
}

export const people = new People();
