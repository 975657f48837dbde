"""Addresses of boards and numbers, all within a workspace."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.boards.views import boards, editing, exports, numbers, saving, tiles

_boards: list[URLPattern | URLResolver] = [
    path("", boards.board_list, name="board_list"),
    path("new", boards.board_new, name="board_new"),
    path("<slug:key>", boards.board_page, name="board"),
    path("<slug:key>/form", boards.board_form, name="board_form"),
    path("<slug:key>/copies", boards.board_copies, name="board_copies"),
    path("<int:key>/removal", boards.board_removal, name="board_removal"),
    path("<slug:key>/tiles", tiles.board_tiles, name="board_tiles"),
    path("<slug:key>/tiles/new", editing.tile_new, name="tile_new"),
    path("<slug:key>/tiles/<slug:tile>", tiles.board_tile, name="board_tile"),
    path("<slug:key>/tiles/<slug:tile>.<slug:file_format>", tiles.tile_file, name="tile_file"),
    path("<int:key>/tiles/<int:tile>/form", editing.tile_form, name="tile_form"),
    path("<int:key>/tiles/<int:tile>/place", editing.tile_place, name="tile_place"),
    path("<int:key>/tiles/<int:tile>/removal", editing.tile_removal, name="tile_removal"),
]

_numbers: list[URLPattern | URLResolver] = [
    path("", numbers.number_list, name="number_list"),
    path("<slug:metric>", numbers.number, name="number"),
    path("<slug:metric>.<slug:file_format>", saving.number_file, name="number_file"),
    path("<slug:metric>/change.<slug:file_format>", saving.change_file, name="change_file"),
    path("<slug:metric>/contacts", numbers.number_contacts, name="number_contacts"),
    path("<slug:metric>/contacts.<slug:file_format>", saving.contacts_file, name="contacts_file"),
]

_exports: list[URLPattern | URLResolver] = [
    path("", exports.table_exports, name="table_exports"),
    path("files", exports.export_list, name="export_list"),
    path("files/<int:export_id>", exports.export_file, name="export_file"),
    path("files/<int:export_id>/removal", exports.export_removal, name="export_removal"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/boards/", include(_boards)),
    path("w/<slug:workspace>/numbers/", include(_numbers)),
    path("w/<slug:workspace>/facts/", include(_exports)),
]
