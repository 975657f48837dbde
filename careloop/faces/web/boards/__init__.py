"""Boards, the cards of numbers behind their tiles, and facts as files."""
