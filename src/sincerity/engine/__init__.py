"""Who turns the crank: builds worlds, walks the schedule over blocks of people, and publishes."""
