"""From records to what a template says: formats for people, sentences made of facts, subjects, statistics."""
