"""The people of the operation: accounts, memberships, teams, invitations, tokens."""
