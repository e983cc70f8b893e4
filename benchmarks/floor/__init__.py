"""The floor: the leanest pages of the same content that Django over PostgreSQL can make.

Jinja2, one query for the session, raw SQL, no middleware, no rights, no audit.
"""
