"""Thousands are set apart, the signs for it being Django's; a month says which number is its year."""

NUMBER_GROUPING = 3
YEAR_MONTH_FORMAT = r"F \nă\m Y"
# Moments stand within sentences: lower case, unlike Django's.
DATE_FORMAT = r"\n\gà\y d \t\há\n\g n \nă\m Y"
DATETIME_FORMAT = rf"H:i {DATE_FORMAT}"
