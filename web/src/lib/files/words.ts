import type { Attachment } from '#lib/api/types.ts';
import type { IconName } from '#lib/ui/icons.ts';

/** "94 KB": a size as people read it. */
export function bytes(size: number): string {
	if (size < 1000) return `${size} B`;
	const step = size < 1_000_000 ? ([1000, 'KB'] as const) : ([1_000_000, 'MB'] as const);
	const share = size / step[0];
	return `${share < 10 ? share.toFixed(1) : Math.round(share)} ${step[1]}`;
}

/** "100 MB": the most a file may have, counted as those who set it count. */
export const limit = (size: number): string => `${Math.floor(size / 2 ** 20)} MB`;

export type Look = 'pages' | 'picture' | 'text' | 'tree' | 'words' | 'none';

const texts =
	/^(text\/|application\/(json|xml|x-ndjson|x-yaml|yaml|javascript|sarif\+json)|.*\+(xml|json)$)/;

const worded = ['table', 'document', 'mail', 'archive'];

/** How a file can be looked at inside the page. */
export function lookOf({
	media_type,
	extraction
}: Pick<Attachment, 'media_type' | 'extraction'>): Look {
	if (media_type === 'application/pdf') return 'pages';
	if (/^image\/(png|jpeg|gif|webp|bmp|tiff)$/.test(media_type)) return 'picture';
	if (/^application\/(.*\+)?json$/.test(media_type)) return 'tree';
	if (texts.test(media_type)) return extraction.kind === 'table' ? 'words' : 'text';
	return worded.includes(extraction.kind ?? '') ? 'words' : 'none';
}

export function iconOf(file: Pick<Attachment, 'media_type' | 'extraction'>): IconName {
	return lookOf(file) === 'picture' ? 'image' : 'file';
}

/** Whether files come out of a file of this type. */
export const isContainer = ({ media_type }: Pick<Attachment, 'media_type'>): boolean =>
	/^(message\/rfc822|application\/(vnd\.ms-outlook|zip|gzip|x-tar))$/.test(media_type);

/** Whether the server has not read a file to its end yet. */
export const isBusy = ({ extraction }: Pick<Attachment, 'extraction'>): boolean =>
	extraction.status === 'queued' || extraction.status === 'running';
