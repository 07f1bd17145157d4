export type ThemeChoice = 'system' | 'light' | 'dark';

const darkSystem = matchMedia('(prefers-color-scheme: dark)');

/** Light, dark or whatever the system says; remembered in this browser. */
class Theme {
	choice = $state((localStorage.getItem('theme') as ThemeChoice | null) ?? 'system');
	#systemIsDark = $state(darkSystem.matches);

	constructor() {
		darkSystem.addEventListener('change', (event) => (this.#systemIsDark = event.matches));
	}

	get dark() {
		return this.choice === 'system' ? this.#systemIsDark : this.choice === 'dark';
	}

	choose(choice: ThemeChoice) {
		this.choice = choice;
		localStorage.setItem('theme', choice);
		document.documentElement.dataset.theme = choice;
	}

	flip() {
		this.choose(this.dark ? 'light' : 'dark');
	}
}

export const theme = new Theme();
