"""Charts as SVG: readable without colour, with texts for screen readers, without styles of their own.

Without a library: pygal and matplotlib put style sheets and scripts into their pictures, which
the dashboard's policy forbids, and svgwrite is no longer kept up; what is needed is a few shapes on a grid.
Elements are built by the standard library's `xml.etree`, which escapes all content. Styles are
classes of `charts.css`, so that pictures are light and dark with the page.
"""
