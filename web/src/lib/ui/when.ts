const steps: [Intl.RelativeTimeFormatUnit, number][] = [
	['year', 31_536_000],
	['month', 2_592_000],
	['day', 86_400],
	['hour', 3_600],
	['minute', 60]
];
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const letters: Record<string, string> = {
	year: 'y',
	month: 'mo',
	day: 'd',
	hour: 'h',
	minute: 'm'
};

function largest(seconds: number) {
	return steps.find(([, length]) => Math.abs(seconds) >= length);
}

/** "5 min. ago", "yesterday", "in 3 days". */
export function ago(at: string, now: number): string {
	const seconds = (Date.parse(at) - now) / 1000;
	const step = largest(seconds);
	return step ? words.format(Math.trunc(seconds / step[1]), step[0]) : 'just now';
}

/** "5m", "3d": the age of something in the width of a column. */
export function age(at: string, now: number): string {
	const seconds = (now - Date.parse(at)) / 1000;
	const step = largest(seconds);
	return step ? `${Math.trunc(seconds / step[1])}${letters[step[0]]}` : 'now';
}

/** The full date and time in the reader's zone. */
export function moment(at: string): string {
	return exact.format(new Date(at));
}
