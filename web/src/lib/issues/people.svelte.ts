import { people as askPeople } from '#lib/api/people.ts';
import type { User } from '#lib/api/types.ts';
import type { Choice } from '#lib/ui/Picker.svelte';

/** The people an issue can be given to, asked for when someone is about to choose. */
class People {
	all = $state.raw<User[]>([]);
	#asked = false;

	need() {
		if (this.#asked) return;
		this.#asked = true;
		void askPeople().then(
			(all) => (this.all = all.filter((user) => user.is_active !== false)),
			() => (this.#asked = false)
		);
	}

	get choices(): Choice[] {
		return this.all.map((user) => ({ value: String(user.id), label: user.name }));
	}
}

export const people = new People();
