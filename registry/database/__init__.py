"""The database: engine, schema, migrations, transfer, backup."""
