import { untrack } from 'svelte';
import type { IconName } from '#lib/ui/icons.ts';
import { isPlain, pressed, step } from './chords.ts';

export type Action = {
	title: string;
	group: 'Go to' | 'Issue' | 'List' | 'Sightline';
	keys?: string;
	icon?: IconName;
	run: () => void;
};

const typing = 'input, textarea, select, [contenteditable="true"]';
/** Above the page, or about to be: a layer that is still being fetched has its button expanded already. */
const floats =
	'[role="dialog"], [role="menu"], [role="listbox"], [aria-haspopup][aria-expanded="true"]';

/** Every action that is possible right now, with its key; the palette and the help read it. */
class Keys {
	actions = $state.raw<Action[]>([]);
	lettersOn = $state(localStorage.getItem('letters') !== 'off');
	/** Whether something is about to open that will take the keys. */
	held = () => false;
	#prefix = '';
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Offer actions until the returned function is called; made for `$effect`. */
	add(actions: Action[]): () => void {
		untrack(() => (this.actions = [...this.actions, ...actions]));
		return () => (this.actions = this.actions.filter((one) => !actions.includes(one)));
	}

	setLetters(on: boolean) {
		this.lettersOn = on;
		localStorage.setItem('letters', on ? 'on' : 'off');
	}

	handle(event: KeyboardEvent) {
		if (event.defaultPrevented || event.isComposing) return;
		const key = pressed(event);
		if (isPlain(key) && (!this.lettersOn || this.held() || this.#isTaken(event))) return;
		const { found, prefix } = step(this.actions, this.#prefix, key);
		this.#wait(prefix);
		if (!found) return;
		event.preventDefault();
		found.run();
	}

	#isTaken(event: KeyboardEvent) {
		const target = event.target as Element | null;
		return Boolean(target?.closest?.(typing) || document.querySelector(floats));
	}

	#wait(prefix: string) {
		this.#prefix = prefix;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => (this.#prefix = ''), 1_200);
	}
}

export const keys = new Keys();
