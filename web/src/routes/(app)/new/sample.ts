const trace = `2026-11-02 09:14:03 ERROR export failed for customer 4711
Traceback (most recent call last):
  File "app/jobs/export.py", line 88, in run
    rows = self.collect(customer)
  File "app/jobs/export.py", line 61, in collect
    return [self.render(invoice) for invoice in customer.invoices]
  File "app/jobs/render.py", line 23, in render
    return invoice.total / invoice.lines
ZeroDivisionError: division by zero
`;

/** A made-up crash log, for trying out what happens to a file. */
export function sample(): File {
	return new File([trace], 'sample-crash.log', { type: 'text/plain' });
}
