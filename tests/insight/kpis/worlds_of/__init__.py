"""Random worlds for the families that do not start from queues: each with what its metrics read, and little else."""
