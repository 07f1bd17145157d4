import type { Summary } from '#lib/api/types.ts';
import { severities, statuses, type Severity, type Status } from '#lib/issues/words.ts';
import { writeView } from '#lib/issues/view.ts';

export type Bar<T> = { value: T; count: number; href: string };

const unfinished: Status[] = ['open', 'triaged', 'in_progress'];
const list = (status: string[], severity: string[]) => `/issues${writeView({ status, severity })}`;

function count(summary: Summary, status: readonly string[], severity: readonly string[]): number {
	const cells = summary.status_by_severity.filter(
		(cell) => status.includes(cell.status) && severity.includes(cell.severity)
	);
	return cells.reduce((sum, cell) => sum + cell.count, 0);
}

/** Issues that are not done, by severity. */
export function bySeverity(summary: Summary): Bar<Severity>[] {
	return severities.map((value) => ({
		value,
		count: count(summary, unfinished, [value]),
		href: list(unfinished, [value])
	}));
}

/** All issues by status. */
export function byStatus(summary: Summary): Bar<Status>[] {
	return statuses.map((value) => ({
		value,
		count: count(summary, [value], severities),
		href: list([value], [])
	}));
}

/** Issues that are not done, with the list that shows exactly those. */
export function active(summary: Summary): Bar<'active'> {
	return {
		value: 'active',
		count: count(summary, unfinished, severities),
		href: list(unfinished, [])
	};
}

export type Cell = { count: number; href: string };

/** A row for each severity with a cell for each status. */
export function crossed(summary: Summary): { severity: Severity; cells: Cell[] }[] {
	return severities.map((severity) => ({
		severity,
		cells: statuses.map((status) => ({
			count: count(summary, [status], [severity]),
			href: list([status], [severity])
		}))
	}));
}
