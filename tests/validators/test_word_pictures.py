"""One picture on the page is one picture, however the file holds it."""

from __future__ import annotations

import pytest
from reading_of import word_of
from word_builder import docx, drawing, paragraph, part, picture, run, table

from validators.facts import Pictures

NONE = Pictures(0, 0, 0, 0, 0, 0, 0, 0)
VML = '<w:r><w:pict><v:shape style="width:100pt;height:80pt"><v:imagedata r:id="rId7"/></v:shape></w:pict></w:r>'
OBJECT = "<w:r><w:object><v:shape><v:imagedata r:id='rId7'/></v:shape><o:OLEObject r:id='rId8'/></w:object></w:r>"
GROUP = (
    f"<w:r><mc:AlternateContent><mc:Choice Requires='wpg'><w:drawing><wp:anchor>{picture()}{picture()}</wp:anchor>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:group><v:shape><v:imagedata r:id='rId7'/></v:shape><v:shape>"
    "<v:imagedata r:id='rId7'/></v:shape></v:group></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
BOX = (
    f"<w:r><w:drawing><wp:anchor><wps:wsp><wps:txbx><w:txbxContent>{paragraph(runs=drawing(picture()))}"
    "</w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing></w:r>"
)
CASES = {
    "inline": (paragraph(runs=drawing(picture())), {"drawn": 1}),
    "in a cell": (table((paragraph(runs=drawing(picture())),)), {"drawn": 1}),
    "anchored": (paragraph(runs=drawing(picture(), frame="anchor")), {"drawn": 1}),
    "vml": (paragraph(runs=VML), {"drawn": 1}),
    "group of two, stored twice": (paragraph(runs=GROUP), {"drawn": 2}),
    "same file twice": (paragraph(runs=drawing(picture()) * 2), {"drawn": 2}),
    "linked": (paragraph(runs=drawing(picture(link=True))), {"drawn": 1, "linked": 1}),
    "icon": (paragraph(runs=drawing(picture(size=300_000))), {"drawn": 1, "small": 1}),
    "in a text box": (paragraph(runs=BOX), {"drawn": 1}),
    "shape fill": (
        paragraph(
            runs=drawing("<wps:wsp><wps:spPr><a:blipFill><a:blip r:embed='rId7'/></a:blipFill></wps:spPr></wps:wsp>")
        ),
        {"fills": 1},
    ),
    "plain shape": (paragraph(runs=drawing("<wps:wsp><wps:spPr/></wps:wsp>")), {}),
    "chart": (paragraph(runs=drawing("<c:chart r:id='rId7'/>")), {"charts": 1}),
    "diagram": (paragraph(runs=drawing("<dgm:relIds r:dm='rId7'/>")), {"diagrams": 1}),
    "object with a preview": (paragraph(runs=OBJECT), {"objects": 1}),
    "in deleted text": (paragraph(runs=f"<w:del w:id='1'>{drawing(picture())}</w:del>"), {}),
    "inserted": (paragraph(runs=f"<w:ins w:id='1'>{drawing(picture())}</w:ins>"), {"drawn": 1}),
    "page background": (
        f"<w:background><v:background><v:fill r:id='rId7'/></v:background></w:background>{paragraph('字')}",
        {},
    ),
}


@pytest.mark.parametrize(("body", "wanted"), CASES.values(), ids=CASES)
def test_pictures_as_drawn(body, wanted):
    counts = {name: wanted.get(name, 0) for name in Pictures.__dataclass_fields__}
    assert word_of(docx(body)).pictures == Pictures(**counts)


def test_a_logo_in_the_header_is_counted_apart():
    header = part("hdr", paragraph(runs=drawing(picture())))
    pictures = word_of(docx(paragraph(runs=run("正文")), extra={"header": header})).pictures
    assert (pictures.drawn, pictures.in_headers) == (0, 1)


def test_a_picture_marks_its_paragraph():
    word = word_of(docx(paragraph("字") + paragraph(runs=drawing(picture()))))
    assert [p.has_picture for p in word.paragraphs] == [False, True]


def test_no_pictures():
    assert word_of(docx(paragraph("字"))).pictures == NONE
