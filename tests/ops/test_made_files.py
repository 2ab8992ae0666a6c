"""What set-up makes for pages: the front end's files, and the Chinese of every text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops import assets, messages

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """The front end's packages with the files that are taken."""
    folder = tmp_path / "node_modules"
    texts = {
        "@tabler/core/dist/css/tabler.min.css": "a{}\n/*# sourceMappingURL=tabler.min.css.map */",
        "htmx.org/dist/htmx.min.js": "go()\n//# sourceMappingURL=htmx.min.js.map",
        "echarts/dist/echarts.common.min.js": "draw()\n//# sourceMappingURL=echarts.common.min.js.map",
        "axe-core/axe.min.js": "axe()",
    }
    for icon in (assets.ROOT / "assets/icons.txt").read_text().split():
        texts[f"@tabler/icons/icons/outline/{icon}.svg"] = f'<svg width="24">\n<path d="{icon}" /></svg>'
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_the_vendor_folder_holds_the_files_without_their_source_maps(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "var" / "vendor"
    assets.build(modules, vendor)
    scripts = {"htmx.min.js", "echarts.min.js", "axe.min.js"}
    assert {file.name for file in vendor.iterdir()} == {"tabler.min.css", "icons.svg", *scripts}
    assert not any("sourceMappingURL" in file.read_text() for file in vendor.iterdir())


def test_the_sprite_has_every_icon_that_is_listed(modules: Path, tmp_path: Path) -> None:
    assets.build(modules, tmp_path / "vendor")
    sprite = (tmp_path / "vendor/icons.svg").read_text()
    assert '<symbol id="bell" viewBox="0 0 24 24"' in sprite
    assert sprite.count("<symbol ") == len((assets.ROOT / "assets/icons.txt").read_text().split())


def test_an_icon_that_its_package_lacks_stops_the_build_and_keeps_what_was_there(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    assets.build(modules, vendor)
    (modules / "@tabler/icons/icons/outline/bell.svg").unlink()
    with pytest.raises(FileNotFoundError, match=r"bell\.svg"):
        assets.build(modules, vendor)
    assert (vendor / "icons.svg").exists()


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Home"\nmsgstr ""', "not translated: 'Home'"),
        ('#, fuzzy\nmsgid "Home"\nmsgstr "主页"', "only guessed: 'Home'"),
        ('#, python-format\nmsgid "%(n)s open"\nmsgstr "%(m)s 个"', "'%(n)s open'"),
    ],
)
def test_a_message_without_sound_chinese_is_named(tmp_path: Path, entry: str, fault: str) -> None:
    catalogue = tmp_path / "django.po"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Save"\nmsgstr "保存"\n\n'
    catalogue.write_text(f"{head}{entry}\n")
    (found,) = messages.faults(catalogue)
    assert fault in found
