"""Pages for holders (持证人): their certificates, history, files, annotated copies."""
