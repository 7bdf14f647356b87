"""What a notice demands of a category but lets no rule check: most likely an entry was forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from domain.notice import Category, Notice


def unchecked_demands(notice: Notice, *, spoilt: int = 0) -> tuple[str, ...]:
    """One Chinese sentence for each demand without its rule. As many rules as there are `spoilt` entries may be
    missing: those entries may be theirs."""
    lacking: dict[str, list[str]] = {}
    for number, category in enumerate(notice.categories, start=1):
        used = {use.rule for use in notice.rules if category.code in use.categories}
        for rule, key, demand in _demands(category):
            if rule not in used:
                path = f"categories 第{number}项（{category.code}）.{key}"
                sentence = f"{path} 有{demand}，rules 里却没有对 {category.code} 的 {rule}，请加一项 [[rules]]。"
                lacking.setdefault(rule, []).append(sentence)
    if len(lacking) <= spoilt:
        return ()
    return tuple(sentence for sentences in lacking.values() for sentence in sentences)


def _demands(category: Category) -> Iterator[tuple[str, str, str]]:
    """The rule, the key and the name of each demand that a rule checks."""
    text, video = category.text, category.video
    yield "file.kind", "text" if text else "video", "格式要求"
    if text is not None:
        if text.min_words is not None or text.max_words is not None:
            yield "text.count", "text", "字数要求"
        if text.max_pictures is not None:
            yield "pictures.count", "text.max_pictures", "插图上限"
        if text.pictures_required:
            yield "pictures.required", "text.pictures_required", "插图要求"
        if text.template:
            yield "template.sections", "text.template", "模板要求"
            yield "template.info", "text.template", "模板要求"
    if video is not None:
        yield "video.container", "video.formats", "格式要求"
        yield "video.resolution", "video.resolution", "分辨率要求"
