"""Documents (文书): the catalogue, composing, fields, making in bulk, printing, preview."""
