from django.db import models

from careloop.kernel.models import TenantModel

__all__ = ["CustomerSession", "SignInLink"]


class SignInLink(TenantModel):
    """A link that signs a customer in once. Only a hash of its secret is kept."""

    token_hash = models.CharField(max_length=64)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)
    # Where the customer wanted to go when the portal asked who they are.
    next_path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "token_hash"], name="sign_ins_link_once")]
        indexes = [models.Index(fields=["workspace_id", "expires_at"], name="sign_ins_link_expiry")]

    def __str__(self) -> str:
        return f"link of customer {self.customer_id}"


class CustomerSession(TenantModel):
    """A browser in which a customer is signed in to one workspace. Only a hash of its secret is kept."""

    token_hash = models.CharField(max_length=64)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "token_hash"], name="sign_ins_session_once")]
        indexes = [models.Index(fields=["workspace_id", "expires_at"], name="sign_ins_session_expiry")]

    def __str__(self) -> str:
        return f"session of customer {self.customer_id}"
