from tests.serving import app, bearer, client, csrf, dialect, serve, sign_in

__all__ = ["app", "bearer", "client", "csrf", "dialect", "serve", "sign_in"]
