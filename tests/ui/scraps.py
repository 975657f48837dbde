"""Templates that only the tests have, written where they are used."""

from collections.abc import Iterator

from django.template import Origin, TemplateDoesNotExist
from django.template.loaders.base import Loader as BaseLoader
from django_cotton.compiler_regex import CottonCompiler

from tests.ui.pages import PAGES


class Loader(BaseLoader):
    """Reads a template from the dictionary of the test pages."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        yield Origin(name=f"scrap:{template_name}", template_name=template_name, loader=self)

    def get_contents(self, origin: Origin) -> str:
        if origin.template_name not in PAGES:
            raise TemplateDoesNotExist(origin)
        return str(CottonCompiler().process(PAGES[str(origin.template_name)]))
