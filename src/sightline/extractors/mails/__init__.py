"""Mail in its formats: headers, the parts of a MIME message, Outlook's files."""
