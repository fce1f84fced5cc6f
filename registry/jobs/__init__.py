"""Long work shared out among `zhicheng worker` processes on any number of machines, by Procrastinate on PostgreSQL."""
