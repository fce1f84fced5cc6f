"""The secretariat's workspace (工作区): from the workbook to published certificates, with four eyes."""
