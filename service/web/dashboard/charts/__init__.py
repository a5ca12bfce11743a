"""Pictures drawn here as SVG: readable without colour, named for who hears them, with no style of their own.

No library draws them: pygal and matplotlib bring style sheets and scripts inside their pictures, which
the dashboard's policy forbids, and svgwrite is no longer kept up; what is needed is a few shapes on a grid.
Elements are made by the standard library's `xml.etree`, which escapes whatever is put into them. Looks are
classes of `charts.css`, so that pictures are light and dark with the page.
"""
