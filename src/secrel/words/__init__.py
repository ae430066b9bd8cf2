"""What we talk about: frozen values, parsed once; every other room speaks with them."""
