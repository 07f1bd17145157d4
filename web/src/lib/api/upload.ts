import { gate } from './client.ts';
import { Problem, Unreachable } from './problem.ts';
import type { Attachment } from './types.ts';

export class Cancelled extends Error {}

export type Upload = { done: Promise<Attachment>; cancel: () => void };

function outcome(request: XMLHttpRequest): Attachment {
	const said = JSON.parse(request.responseText || '{}');
	if (request.status === 201) return said[0] ?? said.items[0];
	throw new Problem(request.status, said);
}

function send(file: File, address: string, onprogress: (share: number) => void): Upload {
	const request = new XMLHttpRequest();
	const done = new Promise<Attachment>((keep, lose) => {
		request.upload.onprogress = ({ loaded, total }) => onprogress(total ? loaded / total : 0);
		request.onerror = () => lose(new Unreachable());
		request.onabort = () => lose(new Cancelled());
		request.onload = () => {
			try {
				keep(outcome(request));
			} catch (problem) {
				lose(problem);
			}
		};
	});
	const form = new FormData();
	form.append('file', file, file.name);
	request.open('POST', address);
	request.setRequestHeader('X-CSRF-Token', gate.csrf);
	request.send(form);
	return { done, cancel: () => request.abort() };
}

/** Send one file with progress (fetch cannot tell how much has gone); an expired session is renewed and the file sent again. */
export function upload(file: File, to: string | null, onprogress: (share: number) => void): Upload {
	const address = to ? `/api/v1/issues/${to}/attachments` : '/api/v1/attachments';
	let current = send(file, address, onprogress);
	const done = current.done.catch(async (thrown) => {
		if (!(thrown instanceof Problem && thrown.status === 401 && gate.renew)) throw thrown;
		await gate.renew();
		current = send(file, address, onprogress);
		return current.done;
	});
	return { done, cancel: () => current.cancel() };
}
