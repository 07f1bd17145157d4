import type { Conflict, Issue } from './types.ts';

type Body = {
	status?: number;
	code?: string;
	title?: string;
	detail?: string;
	request_id?: string;
	errors?: { field: string; message: string }[];
	conflicts?: Conflict[];
	current?: Issue;
	allowed?: string[];
};

/** A refusal by the server, with its stable code and, for bad input, a message for each field. */
export class Problem extends Error {
	readonly status: number;
	readonly code: string;
	readonly requestId?: string;
	readonly fields: Record<string, string>;
	readonly conflicts: Conflict[];
	readonly current?: Issue;
	readonly allowed: string[];

	constructor(status: number, body: Body) {
		super(body.detail ?? body.title ?? `The server answered ${status}.`);
		this.status = status;
		this.code = body.code ?? 'unknown';
		this.requestId = body.request_id;
		this.fields = Object.fromEntries(
			(body.errors ?? []).map(({ field, message }) => [field.replace(/^body\./, ''), message])
		);
		this.conflicts = body.conflicts ?? [];
		this.current = body.current;
		this.allowed = body.allowed ?? [];
	}
}

/** The server did not answer at all. */
export class Unreachable extends Error {
	constructor() {
		super('The server cannot be reached. Nothing you typed is lost; try again in a moment.');
	}
}

/** Turn an answer that is not 2xx into a Problem. */
export async function problemOf(response: Response): Promise<Problem> {
	const isProblem = response.headers.get('content-type')?.includes('json');
	return new Problem(response.status, isProblem ? ((await response.json()) as Body) : {});
}

/** One sentence for a person about anything that was thrown. */
export function sentence(thrown: unknown): string {
	if (thrown instanceof Problem) {
		const first = Object.values(thrown.fields)[0];
		return first && thrown.status === 422 ? first : thrown.message;
	}
	return thrown instanceof Unreachable ? thrown.message : 'Something went wrong on this page.';
}
