import { api, body } from './client.ts';
import { decoding } from './decoding.ts';
import type { Attachment, Fact, FactValue, Similar, Suggestions, Words } from './types.ts';

const of = (id: number) => ({ params: { path: { id } } });

export const attachment = (id: number): Promise<Attachment> =>
	body(api.GET('/api/v1/attachments/{id}', of(id)));

export const discard = (id: number): Promise<void> =>
	body(api.DELETE('/api/v1/attachments/{id}', of(id)));

export const factsOfFile = (id: number): Promise<{ items: Fact[] }> =>
	body(api.GET('/api/v1/attachments/{id}/facts', of(id))) as Promise<{ items: Fact[] }>;

/** The files that came out of a file, a mail or an archive, and out of those. */
export const partsOf = async (id: number): Promise<Attachment[]> =>
	(await body(api.GET('/api/v1/attachments/{id}/parts', of(id)))).items;

/** What files that are filed together propose for their issue. */
export const suggestions = (ids: number[]): Promise<Suggestions> =>
	body(api.GET('/api/v1/suggestions', { params: { query: { attachment_id: ids } } }));

/** Issues that hold the same file, crash or invoice, best first. */
export const similarTo = (id: number): Promise<Similar[]> =>
	body(api.GET('/api/v1/attachments/{id}/similar', of(id)));

export const ofIssue = (ref: string): Promise<{ items: Attachment[] }> =>
	body(
		api.GET('/api/v1/issues/{issue_ref}/attachments', { params: { path: { issue_ref: ref } } })
	) as Promise<{ items: Attachment[] }>;

export const factsOfIssue = (ref: string): Promise<{ items: Fact[] }> =>
	body(
		api.GET('/api/v1/issues/{issue_ref}/facts', { params: { path: { issue_ref: ref } } })
	) as Promise<{ items: Fact[] }>;

export const correct = (id: number, value: FactValue): Promise<Fact> =>
	body(
		api.PATCH('/api/v1/facts/{id}', { params: { path: { id } }, body: { value } })
	) as Promise<Fact>;

export const contentAddress = (id: number) => `/api/v1/attachments/${id}/content`;

export type Picture = {
	page: number;
	address: string;
	width: number;
	height: number;
	pages: number;
};

/** One page of a PDF, or a picture, as an object address; width and height are PDF points where the file has pages. */
export async function picture(id: number, page: number): Promise<Picture> {
	const { data, response } = await api.GET('/api/v1/attachments/{id}/preview', {
		params: { path: { id }, query: { page } },
		parseAs: 'blob'
	});
	const number = (name: string, otherwise: number) =>
		Number(response.headers.get(name) ?? otherwise);
	return {
		page,
		address: URL.createObjectURL(data as unknown as Blob),
		width: number('X-Page-Width', 0),
		height: number('X-Page-Height', 0),
		pages: number('X-Page-Count', 1)
	};
}

/** The words that were read from a file, 500 lines at a time; cells of a row are parted by tabs. */
export const words = (id: number, cursor: string | null): Promise<Words> =>
	body(
		api.GET('/api/v1/attachments/{id}/text', {
			params: { path: { id }, query: { cursor } }
		})
	);

const piece = 1_000_000;
/** How much of a text is looked at inside the page; the rest is there to be downloaded. */
export const longestText = 32 * piece;

/** A text file piece by piece, so that a long one is there from its first million bytes on. */
export async function* text({ id }: Attachment): AsyncGenerator<string> {
	const decode = decoding();
	for (let from = 0, size = 1; from < Math.min(size, longestText); from += piece) {
		const { bytes, total } = await range(id, from, from + piece - 1);
		size = total;
		yield decode(bytes);
	}
}

/** Some bytes of a file, and how many there are; a copy that is served may be longer than what was sent. */
async function range(id: number, first: number, last: number) {
	const { data, response } = await api.GET('/api/v1/attachments/{id}/content', {
		...of(id),
		headers: { Range: `bytes=${first}-${last}` },
		parseAs: 'arrayBuffer'
	});
	const bytes = new Uint8Array(data as unknown as ArrayBuffer);
	const [, total] = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '') ?? [];
	return { bytes, total: total ? Number(total) : bytes.length };
}
