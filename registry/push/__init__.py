"""What is handed to national and provincial platforms, and what came back."""
