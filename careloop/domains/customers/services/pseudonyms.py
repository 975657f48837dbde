"""What customers are called in the lake."""

from collections.abc import Collection

from careloop.domains.customers.models import Customer
from careloop.kernel.acts import act

__all__ = ["forget_pseudonyms"]


@act
def forget_pseudonyms(customer_ids: Collection[int]) -> int:
    """Forget what customers are called in the lake, and return how many.

    Nobody can tell any more whose facts those were, and facts from now on name nobody. Records nothing.
    """
    return Customer.objects.filter(pk__in=customer_ids, pseudonym__isnull=False).update(pseudonym=None)
