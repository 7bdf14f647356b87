"""What is true of a file, before anybody asks whether it is right: frozen values that leave the sandbox as JSON.

Facts know no notice. Everything a rule needs is here, so that a rule never opens a file. Lists and texts are bounded
(`MAX_PARAGRAPHS`, `MAX_TEXT`, `MAX_CHARACTERS`); `WordFacts.shortened` says when something was left out. Counts are
always taken from the whole file, never from the shortened lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_PARAGRAPHS = 20_000
MAX_TEXT = 2_000
MAX_CHARACTERS = 1_000_000
MAX_NOTES = 50
MAX_RUNS = 500
MAX_FORMATS = 2_000


class FileKind(StrEnum):
    """What a file is by its content. The name it carries plays no part, except for LOCK_FILE."""

    DOCX = "docx"
    DOCM = "docm"
    DOTX = "dotx"
    DOTM = "dotm"
    STRICT_DOCX = "strict_docx"
    ENCRYPTED = "encrypted"
    DOC = "doc"
    OLE_OTHER = "ole_other"
    EXCEL = "excel"
    POWERPOINT = "powerpoint"
    ODT = "odt"
    ODF_OTHER = "odf_other"
    RTF = "rtf"
    HTML = "html"
    MHTML = "mhtml"
    WORD_XML = "word_xml"
    XML = "xml"
    PDF = "pdf"
    ZIP = "zip"
    BROKEN_ZIP = "broken_zip"
    ARCHIVE = "archive"
    IMAGE = "image"
    MP4 = "mp4"
    MOV = "mov"
    OTHER_VIDEO = "other_video"
    AUDIO = "audio"
    TEXT = "text"
    LOCK_FILE = "lock_file"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """Why contents were not read. DAMAGED and HOSTILE are certain; LIMIT, TIMEOUT, CRASH and NOT_OPENED (the
    path leads to nothing that could be opened) say nothing about it."""

    NONE = "none"
    OTHER_KIND = "other_kind"
    DAMAGED = "damaged"
    HOSTILE = "hostile"
    LIMIT = "limit"
    TIMEOUT = "timeout"
    CRASH = "crash"
    NOT_OPENED = "not_opened"


class Container(StrEnum):
    """Where in a Word file a paragraph stands. A text box inside a table counts as a text box."""

    BODY = "body"
    TABLE = "table"
    TEXT_BOX = "text_box"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"


class Evidence(StrEnum):
    """What makes a paragraph a heading, strongest first; NONE for ordinary text."""

    STYLE = "style"
    NUMBER = "number"
    LOOKS = "looks"
    NONE = "none"


class Origin(StrEnum):
    """Which layer of the style cascade a value comes from; NOTHING when no layer states it."""

    RUN = "run"
    LIST = "list"
    CHARACTER_STYLE = "character_style"
    PARAGRAPH_STYLE = "paragraph_style"
    TABLE_STYLE = "table_style"
    DEFAULTS = "defaults"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: the layer, the style's name when it is a style, and whether through the theme."""

    origin: Origin
    style: str = ""
    theme: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """How a stretch of text looks, by name: after direct formatting, styles, table style, defaults and theme.

    Fonts are those the file asks for, whatever is installed: `east_asian` draws Chinese, `latin` ASCII letters and
    digits, `shared` the signs both use (“ ” — …; see `validators.slots`). An empty name could not be resolved from the
    file; `size_pt` is None when nothing states a size. Neither is ever guessed. `bold` is the toggle's outcome.
    """

    east_asian: str
    latin: str
    shared: str
    size_pt: float | None
    bold: bool
    east_asian_from: Source
    size_from: Source


UNRESOLVED = Format("", "", "", None, False, Source(Origin.NOTHING), Source(Origin.NOTHING))


@dataclass(frozen=True, slots=True)
class Run:
    """The next `chars` characters of a paragraph's text look alike: as `WordFacts.formats[format]` says."""

    chars: int
    format: int


@dataclass(frozen=True, slots=True)
class DeclaredFont:
    """An entry of the file's font table: `alternative` (altName, "" for none) may be a second name of the font or the
    substitute that its author saw."""

    name: str
    alternative: str


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A place in a table: `table` counts the tables in document order from 0, nested ones included; rows and columns
    from 0. A merged cell stands where it begins."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as Word shows it, tracked changes accepted, hidden text gone.

    `index` counts all paragraphs in document order from 1. `label` is the automatic number, which stands in no text.
    `level` is the heading level from 1, or 0. `alignment` is left, center, right, both or distribute after the style
    cascade. `style` is the style's name, empty for the default. `words` is its own high count (see `Words`).
    `runs` cover the whole text, also where `text` is cut at `MAX_TEXT`; neighbours differ; at most `MAX_RUNS` are kept.
    `label_format` is the look of the automatic number, -1 without one.
    """

    index: int
    text: str
    label: str
    container: Container
    cell: CellPlace | None
    style: str
    outline_level: int
    evidence: Evidence
    level: int
    alignment: str
    words: int
    has_picture: bool
    runs: tuple[Run, ...] = ()
    label_format: int = -1

    @property
    def visible(self) -> str:
        """The automatic number and the text, as the reader of the page sees them."""
        return self.label + self.text


@dataclass(frozen=True, slots=True)
class Span:
    """A count in its low and high reading: signs shared by Chinese and Latin text (“ ” — … ①) count as letters in the
    low reading and as characters of their own in the high one."""

    low: int
    high: int

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Words:
    """字数 as Word counts it, by where the text stands. Automatic numbers, headers and comments do not count."""

    body: Span
    tables: Span
    text_boxes: Span
    notes: Span

    @property
    def total(self) -> Span:
        """All parts together."""
        return self.body + self.tables + self.text_boxes + self.notes


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures that are drawn, each counted once. Only `drawn` are 插图; the others are counted apart.

    `linked` and `small` (both sides under 1 cm) are among `drawn`. `fills` are shapes filled with a picture.
    """

    drawn: int
    linked: int
    small: int
    charts: int
    diagrams: int
    fills: int
    objects: int
    in_headers: int


@dataclass(frozen=True, slots=True)
class Title:
    """The main title: its text without blanks at the ends, its paragraph numbers, and its subtitle with its
    paragraph number ("" and 0 without one). An empty text means that none was found."""

    text: str
    paragraphs: tuple[int, ...]
    subtitle: str
    subtitle_paragraph: int


@dataclass(frozen=True, slots=True)
class TableShape:
    """How big a table is, nested tables not included."""

    index: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the file that Word would fetch when it opens it: `what` in plain words, `target` as written."""

    what: str
    target: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class WordFacts:
    """What a Word file shows. `unread` names contents this reader cannot count (text embedded from other files,
    text where a Word file has no place for it).

    `modified` is when Word says it was last saved, as written in the file (ISO 8601), empty when it says nothing.
    `formats` are the looks that the runs of the paragraphs refer to, each once; `fonts` is the file's font table.
    `margins` are the texts of headers and footers, one for each paragraph that shows something. `controls`: there are
    ActiveX controls; `programs` names the embedded files that are programs.
    """

    paragraphs: tuple[Paragraph, ...]
    paragraph_count: int
    tables: tuple[TableShape, ...]
    words: Words
    pictures: Pictures
    title: Title
    tracked_changes: int
    comments: int
    macros: bool
    externals: tuple[External, ...]
    unread: tuple[str, ...]
    shortened: bool
    modified: str = ""
    formats: tuple[Format, ...] = ()
    fonts: tuple[DeclaredFont, ...] = ()
    margins: tuple[str, ...] = ()
    controls: bool = False
    programs: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[Paragraph, ...]:
        """Paragraphs that are headings, in document order."""
        return tuple(p for p in self.paragraphs if p.level > 0)


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video is by its metadata. `width` and `height` are the shown size in pixels (pixel aspect and rotation
    applied), 0 when there is no picture. `brand` is the major brand of an MP4/MOV file; `subtitles` counts tracks."""

    container: str
    brand: str
    width: int
    height: int
    rotated: bool
    duration_s: float
    codec: str
    frame_rate: float
    interlaced: bool
    has_picture: bool
    has_audio: bool
    subtitles: int
    video_tracks: int
    truncated: bool


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All that is known of one file. `trouble` is a Chinese sentence for the sender, empty when `readable`.

    At most one of `word` and `video` is set, and only when `readable`. `sha256` is lower-case hex of the content.
    """

    name: str
    size: int
    sha256: str
    kind: FileKind
    readable: bool
    trouble_kind: Trouble
    trouble: str
    word: WordFacts | None = None
    video: VideoFacts | None = None

    @property
    def certain(self) -> bool:
        """Whether the outcome is about the file itself, so that reading it again cannot change it."""
        return self.trouble_kind not in {Trouble.LIMIT, Trouble.TIMEOUT, Trouble.CRASH, Trouble.NOT_OPENED}


def unopened(name: str, sentence: str) -> FileFacts:
    """The facts of something that could not be opened at all; `sentence` says why, in Chinese, and what to do."""
    return FileFacts(name, 0, "", FileKind.UNKNOWN, False, Trouble.NOT_OPENED, sentence)
