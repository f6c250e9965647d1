"""Pure pieces of schedules: zones, times, events, and the job that is started."""
