"""Generator (文书): documents and certificate faces out of records. Draws; never signs, never stores."""
