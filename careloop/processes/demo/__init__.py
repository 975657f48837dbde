"""A week of demo life, made by calling the same acts as everybody else, with a simulated clock (docs/tutorial/first-hour.md)."""

from careloop.processes.demo.seeding import DEMO_PASSWORD, DemoRefused, Login, Logins, logins, seed

__all__ = ["DEMO_PASSWORD", "DemoRefused", "Login", "Logins", "logins", "seed"]
