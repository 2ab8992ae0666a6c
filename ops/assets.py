"""Takes out of the npm packages the few files that are used: styles, htmx, a sprite of icons, axe for tests, fonts."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from ops.fonts import make_small

ROOT = Path(__file__).resolve().parent.parent
_MAP = re.compile(r"/\*[#@] sourceMappingURL=.*?\*/|//[#@] sourceMappingURL=.*")
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
    "axe-core/axe.min.js": "axe.min.js",
}
_FONTS = {
    # Static outlines: WeasyPrint prints with them fifteen times faster than with the variable font.
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "LICENSE",
}


def build(modules: Path, vendor: Path) -> None:
    """Fill the vendor folder anew. Raises FileNotFoundError naming an icon or file that its package lacks."""
    made = vendor.with_name("vendor.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    for source, name in _FILES.items():
        # Source maps are not shipped, and Django's manifest storage stops at a reference to a file that is not there.
        (made / name).write_text(_MAP.sub("", (modules / source).read_text()))
    (made / "icons.svg").write_text(sprite(modules / "@tabler/icons/icons/outline"))
    shutil.rmtree(vendor, ignore_errors=True)
    made.rename(vendor)


def build_fonts(modules: Path, fonts: Path) -> None:
    """Fill the folder of the fonts that forms are printed with; no page serves them."""
    fonts.mkdir(parents=True, exist_ok=True)
    for source, name in _FONTS.items():
        shutil.copy(modules / source, fonts / name)
        if name.endswith(".ttf"):
            make_small(fonts / name, fonts / f"common-{name}")
    shutil.copy(ROOT / "forms_templates" / "printing" / "fonts.conf", fonts)


def sprite(drawings: Path) -> str:
    """All icons named in assets/icons.txt as symbols of one SVG file."""
    symbols = [_symbol(name, drawings) for name in (ROOT / "assets" / "icons.txt").read_text().split()]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>\n"])


def _symbol(name: str, drawings: Path) -> str:
    found = _DRAWING.search((drawings / f"{name}.svg").read_text())
    assert found is not None
    strokes = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {strokes}>{found[1].strip()}</symbol>'


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
    build_fonts(Path(sys.argv[1]), Path(sys.argv[2]).with_name("fonts"))
