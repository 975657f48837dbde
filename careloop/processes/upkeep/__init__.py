"""What keeps an installation well: backups, their restoring, checks, and the preflight of an upgrade."""
