"""Who gets what waits: the acts that span queues, people and cases, and the search that brings work and people together."""
