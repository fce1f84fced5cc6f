"""The workspace's own records (工作区): batches on their way from the workbook to publication, and four eyes."""
