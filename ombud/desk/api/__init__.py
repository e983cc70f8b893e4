"""The programs' door: the same cases, the same deeds and the same noes as on the pages."""
