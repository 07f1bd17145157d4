import type { Fact, FactType, FactValue, Locator, Money } from '#lib/api/types.ts';

const spoken: Record<string, string> = {
	iban: 'IBAN',
	supplier_vat: 'Supplier VAT number',
	order_ref: 'Order reference',
	net: 'Net amount',
	due_date: 'Due',
	due: 'Amount due',
	slowest_ms: 'Slowest, ms',
	message_id: 'Message ID',
	taken_at: 'Taken',
	top_error: 'Top error',
	top_error_count: 'How often'
};
const groups: Record<string, string> = { http: 'Network', test: 'Tests' };
const order = [
	...['crash.type', 'crash.message', 'crash.own_frame', 'crash.top_frame', 'crash.count'],
	...['test.total', 'test.failed', 'test.skipped', 'test.first_failure', 'test.duration'],
	...['scan.tool', 'scan.errors', 'scan.warnings', 'scan.first_rule'],
	...['http.first_error', 'http.status', 'http.failed', 'http.requests', 'http.slowest_ms'],
	...['mail.from', 'mail.to', 'mail.subject', 'mail.date', 'mail.message_id'],
	...['log.errors', 'log.warnings', 'log.top_error', 'log.top_error_count'],
	...['log.lines', 'log.first_at', 'log.last_at'],
	...['invoice.number', 'invoice.supplier', 'invoice.buyer', 'invoice.date', 'invoice.due_date'],
	...['invoice.total', 'invoice.due', 'invoice.net', 'invoice.tax', 'invoice.currency'],
	...['invoice.iban', 'invoice.order_ref', 'invoice.supplier_vat', 'invoice.type', 'invoice.lines']
];
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** "invoice.due_date" is "Due" in the group "Invoice". */
export function label(name: string): string {
	const last = name.split('.').slice(1).join(' ') || name;
	return spoken[last] ?? capital(last.replaceAll('_', ' '));
}

export function group(name: string): string {
	const first = name.split('.')[0]!;
	return name.includes('.') ? (groups[first] ?? capital(first)) : 'Other';
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A decimal as text with thousands parted; digits are never rounded. */
export function digits(number: string): string {
	const [, sign, whole, rest] = /^(-?)(\d+)(\.\d+)?$/.exec(number) ?? [];
	return whole ? sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest ?? '') : number;
}

/** A value as people read it. */
export function show(value: FactValue, type: FactType): string {
	if (typeof value === 'object')
		return [digits(value.amount), value.currency].filter(Boolean).join(' ');
	if (typeof value === 'boolean') return value ? 'Yes' : 'No';
	if (type === 'date') return day.format(new Date(`${value}T00:00:00Z`));
	if (type === 'datetime') return moment.format(new Date(value));
	if (type === 'duration') return lasting(String(value));
	return type === 'number' ? digits(String(value)) : String(value);
}

const units: Record<string, string> = { D: 'd', H: 'h', M: 'min', S: 's' };

/** "1 min 3.5 s" for "PT1M3.5S". */
function lasting(duration: string): string {
	const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([DHMS])/g)];
	return parts.map(([, many, unit]) => `${many} ${units[unit!]}`).join(' ') || duration;
}

/** Where a value was read, in the width of a column; a path means another thing in every kind of file. */
export function place(locator: Locator, media_type = ''): string {
	if (locator.page) return `p. ${locator.page}`;
	if (locator.line && locator.end_line && locator.end_line !== locator.line)
		return `lines ${locator.line}–${locator.end_line}`;
	if (locator.line) return `line ${locator.line}`;
	return locator.path ? pathWord(locator.path, media_type) : '';
}

function pathWord(path: string, media_type: string): string {
	const [, kind, rest] = /^(header|part|entry|exif):(.*)$/.exec(path) ?? [];
	if (kind === 'exif') return 'EXIF';
	if (kind) return kind === 'header' ? `${rest} header` : `${kind} ${rest}`;
	const cell = /!([A-Z]+\d+(?::[A-Z]+\d+)?)$/.exec(path)?.[1];
	if (cell || media_type.startsWith('image/')) return cell ?? '';
	return /json|har/.test(media_type) ? 'JSON' : 'XML';
}

/** The filter of the list that finds the issues in which this fact has the same value. */
export function sameValue({ name, value }: Pick<Fact, 'name' | 'value'>): string {
	const text = asText(value).replace(/\s+/g, ' ').trim();
	const whole = text.length > longestAsked ? `${text.slice(0, longestAsked)}*` : text;
	return `${name}:${/^["<>]/.test(whole) ? `"${whole}"` : whole}`;
}

const longestAsked = 180;

const sure = 0.8;

/** Whether a reading is too unsure to stand without a person having looked at it. */
export function isQuestion({ confidence, corrected_by }: Fact): boolean {
	return !corrected_by && (confidence ?? 1) < sure;
}

/** Whether a person looked at a reading and found it right. */
export function isConfirmed({ corrected_by, read_value, value }: Fact): boolean {
	return corrected_by !== null && read_value !== null && asText(read_value) === asText(value);
}

/** A value as it is typed into a field. */
export function asText(value: FactValue): string {
	if (typeof value !== 'object') return String(value);
	return [value.amount, value.currency].filter(Boolean).join(' ');
}

/** What was typed, as a value of the fact's type; the server has the last word on it. */
export function fromText(text: string, fact: Pick<Fact, 'type' | 'value'>): FactValue {
	const typed = text.trim();
	if (fact.type === 'bool') return typed === 'true';
	if (fact.type !== 'money') return typed;
	const currency = /[A-Z]{3}/i.exec(typed)?.[0].toUpperCase() ?? (fact.value as Money).currency;
	return { amount: plainAmount(typed.replace(/[^\d.,-]/g, '')), currency };
}

/** "1.234,50" and "1,234.50" are 1234.50: the last separator that is followed by one or two digits is the point. */
export function plainAmount(typed: string): string {
	const point = /[.,](?=\d{1,2}$)/.exec(typed);
	if (!point) return typed.replace(/[.,]/g, '');
	const whole = typed.slice(0, point.index).replace(/[.,]/g, '');
	return `${whole}.${typed.slice(point.index + 1)}`;
}

function rank(name: string): number {
	const at = order.indexOf(name);
	if (at >= 0) return at;
	return group(name) === 'Document' ? order.length + 1 : order.length;
}

/** What a person looks for first comes first; what is unknown keeps the order of its names. */
export function inOrder<T extends { name: string }>(facts: readonly T[]): T[] {
	return [...facts].sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}
