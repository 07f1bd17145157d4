import { attachment } from '#lib/api/files.ts';
import { file as fileIssue } from '#lib/api/issues.ts';
import type { Issue } from '#lib/api/types.ts';
import { dropDraft, keepDraft, readDraft } from '#lib/drafts/drafts.ts';
import { suggest } from '#lib/facts/suggest.ts';
import type { Severity } from '#lib/issues/words.ts';
import { Sending } from '#lib/files/uploads.svelte.ts';

type Kept = {
	title: string;
	description: string;
	project: string;
	severity: Severity;
	touched: string[];
	files: number[];
};

const name = 'new-issue';

/** `randomUUID` is missing where the page came over plain http. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** The issue that is being written: kept in this browser until it is filed or thrown away. */
export class Draft {
	title = $state('');
	description = $state('');
	project = $state('INBOX');
	severity = $state<Severity>('medium');
	sendings = $state.raw<Sending[]>([]);
	chosen = $state<number | null>(null);
	#touched: string[] = [];
	#sent = { body: '', key: '' };

	constructor(readonly user: number) {
		const kept = readDraft<Kept>(user, name);
		if (!kept) return;
		const { title, description, project, severity } = kept;
		Object.assign(this, { title, description, project, severity });
		this.#touched = kept.touched;
		kept.files.forEach((id) => void this.#bringBack(id));
	}

	get current(): Sending | null {
		return this.sendings.find((one) => one.key === this.chosen) ?? this.sendings[0] ?? null;
	}

	get isSending() {
		return this.sendings.some((one) => one.state === 'sending');
	}

	get isEmpty() {
		return !this.title && !this.description && !this.sendings.length;
	}

	/** What a person typed or chose is never overwritten by a suggestion. */
	touch(field: 'title' | 'severity') {
		const others = this.#touched.filter((one) => one !== field);
		const isEmptied = field === 'title' && !this.title;
		this.#touched = isEmptied ? others : [...others, field];
	}

	add(files: File[]) {
		const sendings = files.map((file) => new Sending(file, () => this.#suggest()));
		this.sendings = [...this.sendings, ...sendings];
		this.chosen = sendings[0]?.key ?? this.chosen;
	}

	remove(sending: Sending) {
		this.sendings = this.sendings.filter((one) => one !== sending);
		void sending.stop();
	}

	async #bringBack(id: number) {
		const found = await attachment(id).catch(() => null);
		if (found) this.sendings = [...this.sendings, new Sending(found, () => this.#suggest())];
	}

	#suggest() {
		const read = this.sendings.filter((one) => one.state === 'ready');
		const best = read.find((one) => one.facts.length) ?? read[0];
		if (!best) return;
		const { title, severity } = suggest(best.facts, best.name);
		if (!this.#touched.includes('title')) this.title = title;
		if (!this.#touched.includes('severity')) this.severity = severity;
	}

	#attachmentIds() {
		return this.sendings.flatMap((one) => (one.attachment ? [one.attachment.id] : []));
	}

	keep() {
		const { title, description, project, severity } = this;
		const files = this.#attachmentIds();
		if (this.isEmpty) return dropDraft(this.user, name);
		keepDraft(this.user, name, {
			...{ title, description, project, severity, files },
			touched: this.#touched
		} satisfies Kept);
	}

	throwAway() {
		this.sendings.forEach((one) => void one.stop());
		this.#clear();
	}

	#clear() {
		this.sendings = [];
		this.title = this.description = '';
		this.severity = 'medium';
		this.#touched = [];
		dropDraft(this.user, name);
	}

	/** File the issue; pressing again after a lost answer files it once. */
	async file(): Promise<Issue> {
		const { title, description, project, severity } = this;
		const wish = { title, description, project, severity, attachment_ids: this.#attachmentIds() };
		const body = JSON.stringify(wish);
		if (this.#sent.body !== body) this.#sent = { body, key: newKey() };
		const issue = await fileIssue(wish, this.#sent.key);
		this.#clear();
		return issue;
	}
}
