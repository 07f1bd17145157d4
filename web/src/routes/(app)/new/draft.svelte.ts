import { attachment, discard, similarTo, suggestions } from '#lib/api/files.ts';
import { addOccurrence, file as fileIssue } from '#lib/api/issues.ts';
import { Problem } from '#lib/api/problem.ts';
import type { Issue, Similar } from '#lib/api/types.ts';
import { dropDraft, keepDraft, OneKey, readDraft } from '#lib/drafts/drafts.ts';
import type { Severity } from '#lib/issues/words.ts';
import { Sending, type Opened } from '#lib/files/uploads.svelte.ts';
import { name, plain, type Kept } from './kept.ts';
import { ProposedLabels } from './labels.svelte.ts';
import { once } from './repeats.ts';

type Proposed = 'title' | 'severity' | 'project';

/** More the server is not asked about at once. */
const mostAsked = 50;

/** The issue that is being written: kept in this browser until it is filed or thrown away. */
export class Draft {
	title = $state('');
	description = $state('');
	project = $state<string>(plain.project);
	severity = $state<Severity>('medium');
	readonly labels = new ProposedLabels();
	sendings = $state.raw<Sending[]>([]);
	chosen = $state<number | null>(null);
	/** The file inside the chosen one that is looked at. */
	part = $state<number | null>(null);
	/** Why a field holds what it holds, where the files proposed it. */
	reasons = $state<{ [field in Proposed]?: string }>({});
	repeats = $state.raw<Similar[]>([]);
	#touched: string[] = [];
	#once = new OneKey();
	#asked = '';
	/** Files of the draft that are not back yet. */
	#absent = $state.raw<number[]>([]);

	constructor(readonly user: number) {
		const kept = readDraft<Kept>(user, name);
		if (!kept) return;
		const { title, description, project, severity, labels } = kept;
		Object.assign(this, { title, description, project, severity });
		Object.assign(this.labels, labels);
		this.#touched = kept.touched;
		this.#absent = kept.files;
		kept.files.forEach((id) => void this.#bringBack(id));
	}

	get current(): Sending | null {
		return this.sendings.find((one) => one.key === this.chosen) ?? this.sendings[0] ?? null;
	}

	/** The file that is looked at: the chosen one, or one inside it. */
	get opened(): Opened | null {
		const inside = this.current?.parts.find((one) => one.file.id === this.part);
		return inside ?? this.current?.opened ?? null;
	}

	choose(sending: Sending, part: number | null = null) {
		this.chosen = sending.key;
		this.part = part;
	}

	get isSending() {
		return this.sendings.some((one) => one.state === 'sending');
	}

	get isEmpty() {
		return !this.title && !this.description && !this.sendings.length && !this.#absent.length;
	}

	/** What a person typed or chose is never overwritten by a suggestion. */
	touch(field: Proposed) {
		delete this.reasons[field];
		const others = this.#touched.filter((one) => one !== field);
		const isEmptied = field === 'title' && !this.title;
		this.#touched = isEmptied ? others : [...others, field];
	}

	/** Take a proposal out, for good. */
	refuse(field: Proposed) {
		Object.assign(this, { [field]: plain[field] });
		delete this.reasons[field];
		this.#touched = [...this.#touched, field];
	}

	add(files: File[]) {
		const sendings = files.map((file) => new Sending(file, () => void this.#consult()));
		this.sendings = [...this.sendings, ...sendings];
		if (sendings[0]) this.choose(sendings[0]);
	}

	remove(sending: Sending) {
		this.sendings = this.sendings.filter((one) => one !== sending);
		void sending.stop();
		void this.#consult();
	}

	async #bringBack(id: number) {
		try {
			const found = await attachment(id);
			// It was filed or thrown away meanwhile.
			if (!this.#absent.includes(id)) return;
			this.sendings = [...this.sendings, new Sending(found, () => void this.#consult())];
		} catch (thrown) {
			if (!(thrown instanceof Problem && thrown.status === 404)) return;
		}
		this.#absent = this.#absent.filter((other) => other !== id);
	}

	/** Ask what the files that were read propose, and whether they are known already; a failure changes nothing. */
	async #consult() {
		const read = this.sendings.filter((one) => one.state === 'ready');
		const ids = read.flatMap((one) => one.attachment?.id ?? []);
		const inside = read.flatMap((one) => one.parts.map(({ file }) => file.id));
		const all = [...ids, ...inside].slice(0, mostAsked);
		const asked = (this.#asked = all.join());
		if (!ids.length) return void (this.repeats = []);
		const [proposed, ...similar] = await Promise.all([
			suggestions(all).catch(() => null),
			...ids.map((id) => similarTo(id).catch(() => []))
		]);
		if (asked !== this.#asked) return;
		if (!proposed) return;
		this.repeats = once(similar.flat());
		for (const field of ['title', 'severity', 'project'] as const)
			this.#take(field, proposed[field]);
		this.labels.take(proposed.labels);
	}

	#take(field: Proposed, proposed: { value: string; why: string } | null | undefined) {
		if (this.#touched.includes(field)) return;
		Object.assign(this, { [field]: proposed?.value ?? plain[field] });
		if (proposed) this.reasons[field] = proposed.why;
		else delete this.reasons[field];
	}

	#attachmentIds() {
		const here = this.sendings.flatMap((one) => (one.attachment ? [one.attachment.id] : []));
		return [...here, ...this.#absent];
	}

	keep() {
		const { title, description, project, severity } = this;
		const { names, isChosen } = this.labels;
		const files = this.#attachmentIds();
		if (this.isEmpty) return dropDraft(this.user, name);
		keepDraft(this.user, name, {
			...{ title, description, project, severity, files },
			labels: { names: [...names], isChosen },
			touched: this.#touched
		} satisfies Kept);
	}

	throwAway() {
		this.sendings.forEach((one) => void one.stop());
		this.#absent.forEach((id) => void discard(id).catch(() => undefined));
		this.#clear();
	}

	#clear() {
		// An answer that is still on its way is about files that are gone.
		this.#asked = '';
		this.sendings = [];
		this.#absent = [];
		this.repeats = [];
		this.reasons = {};
		this.labels.clear();
		this.description = '';
		Object.assign(this, plain);
		this.#touched = [];
		this.#once.done();
		dropDraft(this.user, name);
	}

	/** File the issue; pressing again after a lost answer files it once. */
	async file(): Promise<Issue> {
		const { title, description, project, severity } = this;
		const wish = {
			...{ title, description, project, severity },
			...(this.labels.names.length && { labels: [...this.labels.names] }),
			attachment_ids: this.#attachmentIds()
		};
		const issue = await fileIssue(wish, this.#once.for(JSON.stringify(wish)));
		this.#clear();
		return issue;
	}

	/** Count it as seen again instead of filing it. */
	async addTo(ref: string): Promise<Issue> {
		const ids = this.#attachmentIds();
		const issue = await addOccurrence(ref, ids, this.#once.for(JSON.stringify([ref, ids])));
		this.#clear();
		return issue;
	}
}
