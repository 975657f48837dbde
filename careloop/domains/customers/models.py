from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now, Right

from careloop.domains.customers.types import IdentityKind
from careloop.kernel.models import TenantModel

__all__ = ["Customer", "CustomerNote", "CustomerTag", "Identity", "Organization"]


class Organization(TenantModel):
    name = models.CharField(max_length=200)
    # Mail domains whose senders belong here, each written with commas around it: ",example.com,example.org,".
    domains = models.TextField(blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "name"], name="customers_organization_once")]

    def __str__(self) -> str:
        return self.name


class Customer(TenantModel):
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    # What the customer is called in the lake. Once it is gone, nobody can tell any more whose facts those are.
    pseudonym = models.UUIDField(null=True, editable=False, db_default=RandomUUID())
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-id"], name="customers_newest"),
            models.Index(fields=["workspace_id", "organization"], name="customers_by_organization"),
            GinIndex(fields=["search"], name="customers_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(TenantModel):
    """An address, number or handle of a customer. Unlinked ones stay, so that history explains itself."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=IdentityKind)
    value = models.CharField(max_length=320)
    # By its last digits a phone number is found, however much of it is told.
    tail = models.GeneratedField(
        expression=Right("value", 7), output_field=models.CharField(max_length=7), db_persist=True
    )
    # How sure we are that it is theirs: 1 when they proved it, less when somebody or something said so.
    confidence = models.FloatField()
    verified_at = models.DateTimeField(null=True)
    unlinked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "kind", "value"],
                condition=models.Q(unlinked_at__isnull=True),
                name="customers_identity_once",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__gt=0) & models.Q(confidence__lte=1), name="customers_identity_confidence"
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="customers_identity_owner"),
            models.Index(
                fields=["workspace_id", "tail"],
                condition=models.Q(kind="phone", unlinked_at__isnull=True),
                name="customers_identity_tail",
            ),
        ]

    def __str__(self) -> str:
        return self.value


class CustomerNote(TenantModel):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class CustomerTag(TenantModel):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="customers_tag_once")]

    def __str__(self) -> str:
        return self.name
