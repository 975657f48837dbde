"""An empty database beside the tests' own, as a second installation or a stranger's would be."""

import os
from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql


@pytest.fixture
def owner(committed: None) -> BaseDatabaseWrapper:
    """The owner's connection to the migrated house, empty again after the test."""
    return connections["owner"]


@pytest.fixture
def elsewhere(owner: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """The owner's connection to an empty database, gone after the test."""
    name = f"{owner.settings_dict['NAME']}_elsewhere_{os.getpid()}"
    with owner.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    other = owner.copy(alias="elsewhere")
    other.settings_dict = {**owner.settings_dict, "NAME": name}
    connections["elsewhere"] = other
    yield other
    other.close()
    del connections["elsewhere"]
    with owner.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
