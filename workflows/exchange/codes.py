"""Every code with which a file, a row or a doubt is reported; whoever shows them has a sentence for each."""

FILE_CODES = (
    "charset",  # no charset of the chain gives readable text
    "damaged",
    "doctype",
    "duplicate_header",  # headers, row
    "empty_file",
    "encrypted",
    "file_kind",  # ending
    "gave_up",  # too slow, or the parser died
    "long_cell",  # row, column (letters), limit
    "macros",
    "masked",  # row, column
    "missing_header",  # headers, row
    "no_header",  # within, charset
    "no_rows",  # row
    "no_such_sheet",  # sheet, names
    "not_csv",
    "not_ods",
    "not_xls",
    "not_xlsx",
    "nul",
    "old_excel",
    "other_charset",  # the one that somebody chose does not fit
    "quote",  # row
    "several_sheets",  # names
    "strict_xlsx",  # saved in a form that openpyxl does not read
    "too_large",  # limit_mb
    "too_large_unpacked",  # limit_mb
    "too_many_columns",  # row, limit
    "too_many_parts",  # limit
    "too_many_rows",  # limit
)
ROW_CODES = (
    "absurd",  # limit
    "ambiguous_month",
    "bad_account",
    "bad_area",
    "bad_count",
    "bad_date",
    "bad_money",
    "bad_month",
    "bad_phone",
    "birth",
    "birth_mismatch",  # expected (ISO date)
    "characters",
    "check_digit",
    "control",
    "copy_in_file",  # rows
    "empty",
    "excel_error",
    "excel_float",
    "future",
    "future_date",  # on (ISO date)
    "half_disability",  # the kind without the level, or the other way round
    "impossible_date",
    "length",  # have
    "listed_twice",
    "long",  # limit
    "masked",
    "match_ambiguous",  # count
    "match_other_name",
    "members_unpaired",  # names, numbers
    "negative",
    "not_the_head",
    "old_15",
    "own_head",
    "sex_mismatch",  # expected (Sex)
    "surplus_cells",  # count
    "too_precise",
    "twice_in_file",  # rows
    "two_heads",  # rows
    "unknown_head",
    "unknown_word",  # accepted
)
WARNING_CODES = (
    "certificate_but_not_disabled",
    "certificate_differs",  # expected
    "certificate_owner",
    "certificate_unread",
    "count_differs",  # listed
    "disabled_without_kind",
    "head_not_listed",
    "matched_by_case",
    "matched_by_certificate",
    "perhaps_rounded",  # an ID number ending in 000 that fits its check digit
    "relation_sex",  # expected (Sex): a son whose number is a woman's, a daughter whose number is a man's
    "total_differs",  # sum_fen
    "unknown_area",  # an ID number whose first two digits are no province's
)
