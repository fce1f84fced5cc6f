"""Records (数据): the approved batch as frozen types, its workbook, its rules."""
