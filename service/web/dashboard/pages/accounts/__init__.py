"""Signing in, invitations, one's own account, and the people who have one."""
