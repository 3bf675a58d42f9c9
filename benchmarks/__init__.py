"""The core month, written by us and by what a user would pick instead; core.md states the model."""
