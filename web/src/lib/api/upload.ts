import { gate } from './client.ts';
import { Problem, Unreachable } from './problem.ts';
import type { Attachment } from './types.ts';

export class Cancelled extends Error {}

export type Upload<T = Attachment> = { done: Promise<T>; cancel: () => void };

function outcome(request: XMLHttpRequest): unknown {
	const said = JSON.parse(request.responseText || '{}');
	if (request.status === 201) return said;
	throw new Problem(request.status, said);
}

/** Send a form with progress: fetch cannot tell how much has gone. */
export function sendForm<T>(
	form: FormData,
	address: string,
	onprogress: (share: number) => void,
	headers: Record<string, string> = {}
): Upload<T> {
	const request = new XMLHttpRequest();
	const done = new Promise<T>((keep, lose) => {
		request.upload.onprogress = ({ loaded, total }) => onprogress(total ? loaded / total : 0);
		request.onerror = () => lose(new Unreachable());
		request.onabort = () => lose(new Cancelled());
		request.onload = () => {
			try {
				keep(outcome(request) as T);
			} catch (problem) {
				lose(problem);
			}
		};
	});
	request.open('POST', address);
	const all = Object.entries({ 'X-CSRF-Token': gate.csrf, ...headers });
	for (const [name, value] of all) request.setRequestHeader(name, value);
	request.send(form);
	return { done, cancel: () => request.abort() };
}

/** Send one file with progress, once under one key; an expired session is renewed and the file sent again. */
export function upload(
	file: File,
	to: string | null,
	key: string,
	onprogress: (share: number) => void
): Upload {
	const address = to ? `/api/v1/issues/${to}/attachments` : '/api/v1/attachments';
	const form = new FormData();
	form.append('file', file, file.name);
	const send = () => sendForm<Attachment[]>(form, address, onprogress, { 'Idempotency-Key': key });
	let current = send();
	const done = current.done.catch(async (thrown) => {
		if (!(thrown instanceof Problem && thrown.status === 401 && gate.renew)) throw thrown;
		await gate.renew();
		current = send();
		return current.done;
	});
	return { done: done.then(([stored]) => stored!), cancel: () => current.cancel() };
}
