"""The regulation: policy by year and region, calendar, levels of authority, rules."""
