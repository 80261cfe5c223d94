"""OAuth 2 and OpenID Connect; loaded by clients that use them."""
