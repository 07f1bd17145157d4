import { api, body } from './client.ts';
import type { Door, Receipt, Reply, Submitted } from './types.ts';
import { sendForm, type Upload } from './upload.ts';

const held = (token: string) => ({ params: { path: { token } } });

/** What the public door of a project leads to; refused when it is closed. */
export const door = (project: string): Promise<Door> =>
	body(api.GET('/api/v1/submit/{project}', { params: { path: { project } } }));

/** Hand in words and files without an account. */
export function handIn(
	project: string,
	{ title, text, files }: { title: string; text: string; files: File[] },
	key: string,
	onprogress: (share: number) => void
): Upload<Submitted> {
	const form = new FormData();
	if (title.trim()) form.append('title', title);
	if (text.trim()) form.append('text', text);
	files.forEach((file) => form.append('file', file, file.name));
	const address = `/api/v1/submit/${encodeURIComponent(project)}`;
	return sendForm(form, address, onprogress, { 'Idempotency-Key': key });
}

/** What became of something handed in. */
export const receipt = (token: string): Promise<Receipt> =>
	body(api.GET('/api/v1/receipts/{token}', held(token)));

/** Reply to the team; the key makes a repeated press reply once. */
export const reply = (token: string, text: string, key: string): Promise<Reply> =>
	body(
		api.POST('/api/v1/receipts/{token}/replies', {
			...held(token),
			body: { body: text },
			headers: { 'Idempotency-Key': key }
		})
	);

/** Add one file to what was handed in, once under one key. */
export function addFile(
	token: string,
	file: File,
	key: string,
	onprogress: (share: number) => void
): Upload<unknown> {
	const form = new FormData();
	form.append('file', file, file.name);
	const address = `/api/v1/receipts/${encodeURIComponent(token)}/attachments`;
	return sendForm(form, address, onprogress, { 'Idempotency-Key': key });
}
