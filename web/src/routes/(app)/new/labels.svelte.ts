type Proposal = { value: string; why: string };

/** The labels of an issue that is being written: what its files propose, until a person has chosen. */
export class ProposedLabels {
	names = $state<string[]>([]);
	/** Why each proposed label was proposed. */
	reasons = $state<Record<string, string>>({});
	isChosen = $state(false);

	/** Put a label on or take it off; from then on the files propose none. */
	toggle(name: string) {
		const isOn = this.names.includes(name);
		this.names = isOn ? this.names.filter((one) => one !== name) : [...this.names, name];
		delete this.reasons[name];
		this.isChosen = true;
	}

	take(proposed: Proposal[]) {
		if (this.isChosen) return;
		this.names = proposed.map(({ value }) => value);
		this.reasons = Object.fromEntries(proposed.map(({ value, why }) => [value, why]));
	}

	clear() {
		Object.assign(this, { names: [], reasons: {}, isChosen: false });
	}
}
