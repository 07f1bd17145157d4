import type { Session, Setup } from './types.ts';

type Boot = {
	session: Session | null;
	setup: Setup;
	position: string | null;
	settings: { max_upload_mb: number; registration: 'open' | 'closed' };
	answers: Record<string, unknown>;
};

function written(): Partial<Boot> {
	const text = document.getElementById('boot')?.textContent;
	return text ? (JSON.parse(text) as Boot) : {};
}

/** What the server wrote into the document; empty when the page comes from the development server. */
export const boot = written();

/** The answer to a GET that came with the document; each is good once. */
export function takeAnswer(address: string): Response | undefined {
	const body = boot.answers?.[address];
	if (body === undefined) return undefined;
	delete boot.answers?.[address];
	return Response.json(body);
}
