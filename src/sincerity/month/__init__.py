"""What happens: one file a rule, named as in the model, and `schedule.py`, the list."""
