from tests.serving import app, bearer, client, csrf, serve, sign_in

__all__ = ["app", "bearer", "client", "csrf", "serve", "sign_in"]
