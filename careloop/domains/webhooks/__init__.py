"""Addresses of other systems that are told what happens: signed, tried again, and every try written down."""
