import { handIn } from '#lib/api/door.ts';
import { Problem, sentence } from '#lib/api/problem.ts';
import type { Door, Submitted } from '#lib/api/types.ts';
import { Cancelled, type Upload } from '#lib/api/upload.ts';
import { dropDraft, keepDraft, newKey, outsider, readDraft } from '#lib/drafts/drafts.ts';
import { limit } from '#lib/files/words.ts';

type Kept = { title: string; text: string };
export type Chosen = { key: number; file: File; refusal: string };

let last = 0;

/** What somebody without an account is about to hand in: the words are kept in this browser until it is sent. */
export class Submission {
	title = $state('');
	text = $state('');
	files = $state.raw<Chosen[]>([]);
	busy = $state(false);
	sent = $state(0);
	refusal = $state('');
	fields = $state.raw<Record<string, string>>({});
	done = $state.raw<Submitted | null>(null);
	#upload: Upload<Submitted> | null = null;
	/** Sending the same again after a lost answer makes no second issue. */
	readonly #key = newKey();

	constructor(readonly door: Door) {
		const kept = readDraft<Kept>(outsider, this.#name);
		if (kept) Object.assign(this, { title: kept.title, text: kept.text });
	}

	get #name() {
		return `submit:${this.door.project.key}`;
	}

	keep() {
		const { title, text } = this;
		if (title || text) keepDraft(outsider, this.#name, { title, text } satisfies Kept);
		else dropDraft(outsider, this.#name);
	}

	add(files: File[]) {
		this.files = [...this.files, ...files.map((file) => this.#chosen(file))];
		this.refusal = '';
	}

	#chosen(file: File): Chosen {
		const most = this.door.max_upload_bytes;
		const refusal = file.size > most ? `Larger than ${limit(most)}, the most a file may have` : '';
		return { key: ++last, file, refusal };
	}

	remove(one: Chosen) {
		this.files = this.files.filter((other) => other !== one);
	}

	/** How much of one file has gone: a browser sends them one after the other. */
	shareOf(one: Chosen): number {
		const at = this.files.indexOf(one);
		const size = (files: Chosen[]) => files.reduce((sum, { file }) => sum + file.size, 0);
		const gone = this.sent * size(this.files) - size(this.files.slice(0, at));
		return Math.min(1, Math.max(0, gone / (one.file.size || 1)));
	}

	get obstacle(): string {
		const { max_files } = this.door;
		if (this.files.some(({ refusal }) => refusal)) return 'Take out the files that are too large.';
		if (this.files.length > max_files) return `Send ${max_files} files at most at once.`;
		const isEmpty = !this.title.trim() && !this.text.trim() && !this.files.length;
		return isEmpty ? 'Write something, or add a file.' : '';
	}

	async send() {
		if (this.busy) return;
		this.fields = {};
		this.refusal = this.obstacle;
		if (this.refusal) return;
		this.busy = true;
		this.sent = 0;
		const wish = { title: this.title, text: this.text, files: this.files.map(({ file }) => file) };
		try {
			this.#upload = handIn(this.door.project.key, wish, this.#key, (share) => (this.sent = share));
			this.done = await this.#upload.done;
			dropDraft(outsider, this.#name);
		} catch (thrown) {
			this.#refused(thrown);
		} finally {
			this.busy = false;
		}
	}

	#refused(thrown: unknown) {
		if (thrown instanceof Cancelled) return;
		this.fields = thrown instanceof Problem ? thrown.fields : {};
		const isShown = ['title', 'text'].some((field) => field in this.fields);
		this.refusal = isShown ? '' : sentence(thrown);
	}

	cancel() {
		this.#upload?.cancel();
	}
}
