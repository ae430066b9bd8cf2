"""The documents that leave, from the same facts: values in, text out, equal values giving equal bytes."""
