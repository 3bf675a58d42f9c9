"""What people declare: regimes, societies and scenarios, read from YAML into frozen models; errors with places."""
