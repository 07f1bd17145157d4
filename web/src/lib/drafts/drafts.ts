const address = (user: number, name: string) => `draft:${user}:${name}`;

/** Whoever comes without an account; real people have ids from 1. */
export const outsider = 0;

/** `randomUUID` is missing where the page came over plain http. */
export const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** One key for as long as the same is sent, so that sending again after a lost answer does it once. */
export class OneKey {
	#content = '';
	#key = '';

	for(content: string): string {
		if (!this.#key || this.#content !== content) {
			this.#content = content;
			this.#key = newKey();
		}
		return this.#key;
	}

	/** It was done: the same again would be a second one. */
	done() {
		this.#key = '';
	}
}

/** What was typed and not sent, kept in this browser for one person. */
export function readDraft<T>(user: number, name: string): T | null {
	const text = localStorage.getItem(address(user, name));
	return text ? (JSON.parse(text) as T) : null;
}

export function keepDraft(user: number, name: string, draft: unknown): void {
	localStorage.setItem(address(user, name), JSON.stringify(draft));
}

export function dropDraft(user: number, name: string): void {
	localStorage.removeItem(address(user, name));
}

/** Forget everything a person typed here; done when they sign out. */
export function forgetDrafts(user: number): void {
	Object.keys(localStorage)
		.filter((key) => key.startsWith(address(user, '')))
		.forEach((key) => localStorage.removeItem(key));
}
