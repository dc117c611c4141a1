"""placeholder"""
from gouji.readers.lattice.tables import Page

def find_aligned_tables(page: Page) -> Page:
    return page
