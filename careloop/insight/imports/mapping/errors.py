"""What is wrong with a mapping, with its line, as sentences that carry their values."""

from careloop.insight.imports.errors import ImportFault

__all__ = [
    "AmbiguousFile",
    "ColumnMissing",
    "EncodingFault",
    "ExpressionFault",
    "FieldFault",
    "FunctionUnknown",
    "MappingFault",
    "MappingUnreadable",
    "NameUnknown",
    "NotAMapping",
    "TypeFault",
    "ValueNotOffered",
    "WordUnknown",
]


class MappingFault(ImportFault):
    """Something in a mapping cannot be used. line: in the mapping's file, from 1; field: the path to it, with dots."""

    template = "Line {line}, {field}: {problem}"


class MappingUnreadable(ImportFault):
    template = "The mapping “{file}” is not YAML: {problem}"


class NotAMapping(MappingFault):
    template = "Line {line}, {field}: here has to stand {wanted}."


class FieldFault(MappingFault):
    template = "Line {line}, {field}: the table {table} needs {names}; say where it comes from."


class WordUnknown(MappingFault):
    template = "Line {line}, {field}: “{word}” means nothing here. {hint}"


class ColumnMissing(MappingFault):
    template = "Line {line}, {field}: the file has no column “{column}”. {hint}"


class NameUnknown(MappingFault):
    template = "Line {line}, {field}: “{name}” is neither a value of this mapping nor a column of the file. {hint}"


class FunctionUnknown(MappingFault):
    template = "Line {line}, {field}: there is no function “{name}”. {hint}"


class ExpressionFault(MappingFault):
    template = "Line {line}, {field}: “{expression}” cannot be read here: {problem}"


class TypeFault(MappingFault):
    template = "Line {line}, {field}: {what} has to be {wanted}, and is {got}."


class ValueNotOffered(MappingFault):
    template = "Line {line}, {field}: “{value}” is not one of the words of {column}: {members}."


class AmbiguousFile(ImportFault):
    template = "“{file}” cannot be read as {format}: {problem}"


class EncodingFault(ImportFault):
    """The letters of a file are written in another way than was said, or than is usual."""

    template = (
        "“{file}” is not written in {encoding}. Name its encoding, such as cp949 or gb18030: under “file” in the mapping, "
        "or as --encoding beside --suggest."
    )
